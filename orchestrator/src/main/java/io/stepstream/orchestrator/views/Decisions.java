package io.stepstream.orchestrator.views;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stepstream.orchestrator.views.avro.TaskDecision;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.TaskCompleted;
import io.stepstream.schemas.avro.TaskFailedBy;
import java.util.Optional;
import java.util.Set;

/** Finds a person's decision in the record of the step that ended a task by it. */
final class Decisions {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Set<String> DECISIONS = Set.of("APPROVED", "DENIED");

    /** What the engine fails a task with that was denied. */
    private static final String DENIED = "Approval.Denied";

    private Decisions() {}

    /** The decision that ended the task of this ticket in this step, if a person's decision it was. */
    static Optional<TaskDecision> in(HistoryRecord record, long ticket) {
        return text(record, ticket).flatMap(Decisions::tree).flatMap(output -> {
            var decision = output.path("decision").asText();
            // The engine makes the output of a decision: all of decision, comment, fields, decidedBy, decidedAt.
            return DECISIONS.contains(decision) && output.has("decidedAt")
                    ? Optional.of(new TaskDecision(
                            decision,
                            output.path("comment").asText(),
                            decidedBy(record, output),
                            output.path("fields").isObject()
                                    ? output.path("fields").toString()
                                    : "{}"))
                    : Optional.empty();
        });
    }

    /** The output, or the cause of a failure, that would hold it; nothing if that is sealed: then it is as unreadable as the rest. */
    private static Optional<String> text(HistoryRecord record, long ticket) {
        return switch (record.getCommand()) {
            case TaskCompleted completed
            when completed.getTicket() == ticket ->
                record.getPayloads().get(completed.getOutput()).getContent() instanceof String json
                        ? Optional.of(json)
                        : Optional.empty();
            case TaskFailedBy failed
            when failed.getTicket() == ticket && DENIED.equals(failed.getError()) ->
                Optional.ofNullable(failed.getCause());
            default -> Optional.empty();
        };
    }

    private static String decidedBy(HistoryRecord record, JsonNode output) {
        var link = record.getLink();
        if (link != null && !link.getApprover().isEmpty()) {
            return link.getApprover();
        }
        var said = output.path("decidedBy").asText();
        return said.isEmpty() ? record.getCaller().getPrincipal() : said;
    }

    private static Optional<JsonNode> tree(String json) {
        try {
            return Optional.of(MAPPER.readTree(json));
        } catch (JsonProcessingException e) {
            // A cause may be any text: whoever failed the task has written it.
            return Optional.empty();
        }
    }
}
