package io.stepstream.audit.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.audit.records.ShownPayloads;
import io.stepstream.audit.report.Approval.Decider;
import io.stepstream.audit.report.Approval.Link;
import io.stepstream.audit.report.Approval.Outcome;
import io.stepstream.audit.report.Approval.Vouched;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.TaskCompleted;
import java.util.Optional;

/** What the record of the step that ended a task tells of who ended it. */
final class Decisions {

    /** How a completed task was answered, by whom, and what was said. */
    record Answer(Outcome outcome, Decider decider, String comment) {}

    private Decisions() {}

    /** The answer that a task was completed with. A decision has the form that the engine gives it, or came by a link. */
    static Answer of(HistoryRecord record, TaskCompleted completed) {
        var payloads = ShownPayloads.of(record);
        var output = payloads.get(completed.getOutput());
        var comment = ShownPayloads.isMark(output)
                ? output.asText()
                : output.path("comment").asText();
        var decision = Optional.ofNullable(record.getLink())
                .map(link -> link.getDecision())
                .or(() -> stated(output));
        return decision.map(which -> new Answer(
                        which.equals("APPROVED") ? Outcome.APPROVED : Outcome.DENIED,
                        decider(record, output.path("decidedBy").asText()),
                        comment))
                .orElseGet(() -> new Answer(Outcome.ANSWERED, decider(record, ""), ""));
    }

    private static Optional<String> stated(JsonNode output) {
        var decision = output.path("decision").asText();
        return output.has("decidedAt") && (decision.equals("APPROVED") || decision.equals("DENIED"))
                ? Optional.of(decision)
                : Optional.empty();
    }

    /**
     * Who sent a record's command.
     *
     * @param said who says to have decided
     */
    static Decider decider(HistoryRecord record, String said) {
        var caller = record.getCaller();
        var link = Optional.ofNullable(record.getLink())
                .map(use -> new Link(use.getDecision(), use.getApprover(), Optional.ofNullable(use.getExpires())));
        var bound = link.map(Link::approver).filter(name -> !name.isEmpty());
        if (bound.isPresent()) {
            return new Decider(bound.get(), Vouched.LINK, caller.getChannel(), caller.getAddress(), link);
        }
        if (link.isPresent()) {
            // The engine puts the name that was typed in as the principal of who came by a link.
            var name = said.isEmpty() ? caller.getPrincipal() : said;
            return new Decider(name, vouchedBy(name, Vouched.SELF), caller.getChannel(), caller.getAddress(), link);
        }
        var name = caller.getPrincipal().isEmpty() ? said : caller.getPrincipal();
        return new Decider(
                name,
                vouchedBy(name, caller.getPrincipal().isEmpty() ? Vouched.SELF : Vouched.CALLER),
                caller.getChannel(),
                caller.getAddress(),
                link);
    }

    private static Vouched vouchedBy(String name, Vouched vouched) {
        return name.isEmpty() ? Vouched.NOBODY : vouched;
    }
}
