package io.stepstream.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** History events in plain words. */
final class Story {

    private static final int LONGEST = 160;

    private Story() {}

    /** What an event tells; empty for those that say nothing which the next one does not. */
    static Optional<String> tell(JsonNode event) {
        JsonNode details = details(event);
        String type = event.path("type").asText();
        return switch (type) {
            case "ExecutionStarted" -> Optional.of("execution started");
            case "TaskScheduled" -> Optional.of("  asks for task " + taskName(details));
            case "TaskSubmitted" -> Optional.of("  waits for the answer, and holds no thread while it does");
            case "TaskSucceeded" ->
                Optional.of("  answered: " + shortened(details.path("output").asText()));
            case "TaskFailed" -> Optional.of("  failed: " + failure(details));
            case "TaskTimedOut" -> Optional.of("  nobody answered in time: " + failure(details));
            case "WaitStateEntered" -> Optional.of("state " + stateName(details) + ", a pause");
            case "ExecutionSucceeded" -> Optional.of("execution succeeded");
            case "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted" ->
                Optional.of("execution " + type.substring("Execution".length()).toLowerCase(java.util.Locale.ROOT)
                        + ": " + failure(details));
            // A type of event of AWS's, of which there are some sixty.
            default -> type.endsWith("StateEntered") ? Optional.of("state " + stateName(details)) : Optional.empty();
        };
    }

    private static JsonNode details(JsonNode event) {
        return event.properties().stream()
                .filter(field -> field.getKey().endsWith("EventDetails"))
                .map(java.util.Map.Entry::getValue)
                .findFirst()
                .orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
    }

    private static String stateName(JsonNode details) {
        return details.path("name").asText();
    }

    private static String taskName(JsonNode details) {
        JsonNode parameters = Json.parse(details.path("parameters").asText());
        return parameters.path("FunctionName").asText(details.path("resource").asText());
    }

    private static String failure(JsonNode details) {
        String cause = details.path("cause").asText();
        return details.path("error").asText() + (cause.isEmpty() ? "" : ", " + shortened(cause));
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " …";
    }
}
