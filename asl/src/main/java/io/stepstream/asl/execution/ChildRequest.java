package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.MalformedJson;
import io.stepstream.asl.definition.Resource;
import java.util.regex.Pattern;

/** What the parameters of {@code states:startExecution} ask for. */
record ChildRequest(String stateMachineArn, String executionArn, String name, Document input) {

    // API reference, CreateStateMachine: what AWS does not take in names.
    private static final Pattern NAME = Pattern.compile("[^\\s\\p{Cntrl}<>{}\\[\\]?*\"#%\\\\^|~`$&,;:/]{1,80}");
    private static final Pattern MACHINE =
            Pattern.compile("arn:[^:]+:states:[^:]*:[^:]*:stateMachine:(?<name>[^:]+)(?<qualifier>:[^:]+)?");

    /** Either a request, or why it is none. */
    sealed interface Reading {
        record Readable(ChildRequest request) implements Reading {}

        /** @param code AWS's name of the error, without {@code Exception} */
        record Refused(String code, String message) implements Reading {}
    }

    /** Whether a task is one that another execution does. */
    static boolean isFor(Resource resource) {
        return resource instanceof Resource.Integration integration
                && integration.service().equals("states")
                && integration.action().equals("startExecution");
    }

    /**
     * Reads the parameters of a state.
     *
     * @param parent whose partition, region and account the child gets: of the machine's ARN only the name counts
     * @param unnamed the child's name if the parameters give none
     */
    static Reading read(Document parameters, ExecutionIdentity parent, String unnamed) {
        var given = parameters.tree();
        var arn = given.path("StateMachineArn").asText();
        var machine = MACHINE.matcher(arn);
        if (!machine.matches() || !NAME.matcher(machine.group("name")).matches()) {
            return new Reading.Refused("InvalidArn", "Invalid Arn: '" + arn + "' is not the ARN of a state machine");
        }
        var name = given.hasNonNull("Name") ? given.get("Name").asText() : unnamed;
        if (!NAME.matcher(name).matches()) {
            return new Reading.Refused("InvalidName", "Invalid Name: '" + name + "'");
        }
        Document input;
        try {
            input = input(given.path("Input"));
        } catch (MalformedJson e) {
            return new Reading.Refused(
                    "InvalidExecutionInput", "Invalid State Machine Execution Input: '" + e.getMessage() + "'");
        }
        var qualifier = machine.group("qualifier");
        return new Reading.Readable(new ChildRequest(
                prefix(parent) + "stateMachine:" + machine.group("name") + (qualifier == null ? "" : qualifier),
                prefix(parent) + "execution:" + machine.group("name") + ":" + name,
                name,
                input));
    }

    /** AWS's StartExecution takes JSON text; the integration writes anything but text as JSON, and takes text as it is. */
    private static Document input(JsonNode given) throws MalformedJson {
        if (given.isMissingNode() || given.isNull()) {
            return Document.EMPTY_OBJECT;
        }
        return given.isTextual() ? Document.parse(given.asText()) : Document.of(given);
    }

    /** The beginning that the parent's ARN shares with all that is beside it, with the last colon. */
    static String prefix(ExecutionIdentity parent) {
        var parts = parent.arn().split(":", 6);
        return String.join(":", parts[0], parts[1], parts[2], parts[3], parts[4]) + ":";
    }
}
