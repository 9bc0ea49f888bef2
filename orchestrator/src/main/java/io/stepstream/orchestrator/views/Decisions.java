package io.stepstream.orchestrator.views;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stepstream.orchestrator.views.avro.TaskDecision;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.TaskCompleted;
import java.util.Optional;
import java.util.Set;

/** Finds a person's decision in the record of the step that ended a task by it. */
final class Decisions {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Set<String> DECISIONS = Set.of("APPROVED", "DENIED");

    private Decisions() {}

    /** The decision that completed the task of this ticket in this step, if a person's decision it was. */
    static Optional<TaskDecision> in(HistoryRecord record, long ticket) {
        if (!(record.getCommand() instanceof TaskCompleted completed) || completed.getTicket() != ticket) {
            return Optional.empty();
        }
        // The engine makes the output of a decision: all of decision, comment, decidedBy, decidedAt.
        if (!(record.getPayloads().get(completed.getOutput()).getContent() instanceof String json)) {
            return Optional.empty(); // Sealed: who decided is as unreadable as the rest of it.
        }
        var output = tree(json);
        var decision = output.path("decision").asText();
        if (!DECISIONS.contains(decision) || !output.has("decidedAt")) {
            return Optional.empty();
        }
        return Optional.of(new TaskDecision(decision, output.path("comment").asText(), decidedBy(record, output)));
    }

    private static String decidedBy(HistoryRecord record, JsonNode output) {
        var link = record.getLink();
        if (link != null && !link.getApprover().isEmpty()) {
            return link.getApprover();
        }
        var said = output.path("decidedBy").asText();
        return said.isEmpty() ? record.getCaller().getPrincipal() : said;
    }

    private static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a payload in history is not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
