package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Which task does a service integration's work: the last segment of what its parameters name. */
final class TaskName {

    private TaskName() {}

    static Optional<String> of(Resource.Integration integration, JsonNode parameters) {
        return switch (integration.service()) {
            case "lambda" -> text(parameters, "FunctionName").map(TaskName::ofFunction);
            case "sqs" -> text(parameters, "QueueUrl").map(url -> last(url, '/'));
            case "sns" -> text(parameters, "TopicArn").map(arn -> last(arn, ':'));
            // Another execution does it, no worker.
            case "states" -> Optional.empty();
            case "events" -> Optional.of(eventBus(parameters));
            default ->
                Optional.of(integration.service().replace(':', '-').replace('.', '-') + "-" + integration.action());
        };
    }

    /** The function's name in a name, a partial ARN ({@code 123456789012:function:name}) or a full one, without its qualifier. */
    static String ofFunction(String function) {
        var at = function.lastIndexOf("function:");
        var name = at < 0 ? function : function.substring(at + "function:".length());
        var colon = name.indexOf(':');
        return colon < 0 ? name : name.substring(0, colon);
    }

    private static String eventBus(JsonNode parameters) {
        var bus = parameters.path("Entries").path(0).path("EventBusName").asText("default");
        return last(last(bus, '/'), ':');
    }

    private static Optional<String> text(JsonNode parameters, String field) {
        var value = parameters.path(field);
        return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
    }

    private static String last(String text, char separator) {
        return text.substring(text.lastIndexOf(separator) + 1);
    }
}
