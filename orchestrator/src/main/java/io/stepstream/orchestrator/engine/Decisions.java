package io.stepstream.orchestrator.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.MalformedJson;
import io.stepstream.asl.execution.Command;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.avro.Decided;
import java.time.Instant;
import java.util.Optional;

/** What a person's decision is to the task that waited for it. */
final class Decisions {
    /** What a task fails with that was denied, if it has chosen so. */
    static final String DENIED = "Approval.Denied";

    private Decisions() {}

    /** The form's fields; none if there was no form. */
    static ObjectNode fields(Decided decided) throws MalformedJson {
        var text = Optional.ofNullable(decided.getFields());
        if (text.isEmpty()) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (Document.parse(text.get()).tree() instanceof ObjectNode object) {
            return object;
        }
        throw new MalformedJson("it is something else");
    }

    /** The command to the interpreter: the decision is the task's output, or the cause of its failure. */
    static Command command(Decided decided, ObjectNode fields, String by, TaskToken token, Instant at) {
        var decision = JsonNodeFactory.instance
                .objectNode()
                .put("decision", decided.getDecision())
                .put("comment", decided.getComment());
        decision.set("fields", fields);
        decision.put("decidedBy", by).put("decidedAt", at.toString());
        var fails = decided.getDecision().equals("DENIED")
                && switch (decided.getDenial()) {
                    case SUCCEEDS -> false;
                    case FAILS -> true;
                };
        return fails
                ? new Command.FailTask(
                        token.ticket(), token.binding(), Optional.of(DENIED), Optional.of(decision.toString()), at)
                : new Command.CompleteTask(token.ticket(), token.binding(), Document.of(decision), at);
    }
}
