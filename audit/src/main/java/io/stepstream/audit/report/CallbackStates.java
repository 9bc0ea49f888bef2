package io.stepstream.audit.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.data.Document;
import io.stepstream.audit.replay.Revisions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The states whose result comes from whoever holds the task token, by their definitions. */
final class CallbackStates {
    private static final String CALLBACK = ".waitForTaskToken";

    private final Revisions revisions;
    private final Map<String, Set<String>> known = new HashMap<>();

    CallbackStates(Revisions revisions) {
        this.revisions = revisions;
    }

    /** Whether this state of an execution's revision is one. */
    boolean has(String executionArn, String revision, String state) {
        var arn = stateMachineArn(executionArn);
        return known.computeIfAbsent(arn + ' ' + revision, _ -> states(arn, revision))
                .contains(state);
    }

    private static String stateMachineArn(String executionArn) {
        var parts = executionArn.split(":", 8);
        if (parts.length < 8) {
            return executionArn;
        }
        parts[5] = "stateMachine";
        parts[6] = parts[6].split("/", 2)[0];
        return String.join(":", Arrays.copyOf(parts, 7));
    }

    private Set<String> states(String arn, String revision) {
        var states = new HashSet<String>();
        revisions
                .source(arn, revision)
                .ifPresent(source ->
                        collect(Document.ofTrusted(source.getDefinition()).tree(), states));
        return states;
    }

    private static void collect(JsonNode node, Set<String> into) {
        node.path("States").properties().forEach(state -> {
            if (state.getValue().path("Resource").asText().endsWith(CALLBACK)) {
                into.add(state.getKey());
            }
        });
        node.forEach(child -> collect(child, into));
    }
}
