package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.definition.Resource.Integration.Pattern;
import java.util.Optional;

/** Takes a Task state's Resource apart. */
final class ResourceReader {

    private static final String KAFKA = "arn:stepstream:kafka:::";
    private static final java.util.regex.Pattern TASK_NAME = java.util.regex.Pattern.compile("[A-Za-z0-9_-]{1,80}");
    private static final java.util.regex.Pattern URI = java.util.regex.Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:\\S+");
    private static final java.util.regex.Pattern SUBSTITUTION = java.util.regex.Pattern.compile("\\$\\{[^${}]+}");
    private static final java.util.regex.Pattern INTEGRATION = java.util.regex.Pattern.compile(
            "arn:[^:]+:states:[^:]*:[^:]*:(?<service>aws-sdk:[A-Za-z0-9]+|[A-Za-z0-9-]+):(?<action>[A-Za-z0-9]+)"
                    + "(?<pattern>\\.sync|\\.sync:2|\\.waitForTaskToken)?");
    private static final java.util.regex.Pattern ACTIVITY =
            java.util.regex.Pattern.compile("arn:[^:]+:states:[^:]*:[^:]*:activity:(?<name>.{1,80})");
    private static final java.util.regex.Pattern FUNCTION =
            java.util.regex.Pattern.compile("arn:[^:]+:lambda:[^:]*:[^:]*:function:[A-Za-z0-9_-]{1,140}(:[^:]+)?");

    private static final java.util.regex.Pattern FUNCTION_WITHOUT_ALIAS =
            java.util.regex.Pattern.compile("arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]*:");

    private ResourceReader() {}

    /**
     * The text of a Resource field. A template that CloudFormation has still to fill in may hold one of its functions there
     * ({@code {"Fn::GetAtt": [...]}}), as it may hold a substitution in a string; nobody can tell the resource then.
     */
    static Optional<String> text(JsonNode resource) {
        if (resource.isTextual()) {
            return Optional.of(resource.asText());
        }
        return resource.isObject()
                        && resource.size() == 1
                        && (resource.has("Ref") || resource.fieldNames().next().startsWith("Fn::"))
                ? Optional.of(resource.toString())
                : Optional.empty();
    }

    /** The resource of this text; empty if it is neither an ARN nor another URI. */
    static Optional<Resource> read(String text) {
        if (text.startsWith(KAFKA)) {
            return kafka(text);
        }
        var activity = ACTIVITY.matcher(text);
        if (activity.matches()) {
            return Optional.of(new Resource.Activity(text, activity.group("name")));
        }
        if (FUNCTION.matcher(text).matches()) {
            return Optional.of(new Resource.LambdaFunction(text, TaskName.ofFunction(text)));
        }
        var integration = INTEGRATION.matcher(text);
        if (integration.matches()) {
            return Optional.of(new Resource.Integration(
                    text, integration.group("service"), integration.group("action"), pattern(integration)));
        }
        if (FUNCTION_WITHOUT_ALIAS.matcher(text).matches()) {
            return Optional.empty();
        }
        return URI.matcher(text).matches() || SUBSTITUTION.matcher(text).matches() || text.startsWith("{")
                ? Optional.of(new Resource.Unresolved(text))
                : Optional.empty();
    }

    private static Optional<Resource> kafka(String text) {
        var suffix = Pattern.WAIT_FOR_TASK_TOKEN.suffix();
        var awaits = text.endsWith(suffix);
        var topic = text.substring(KAFKA.length(), awaits ? text.length() - suffix.length() : text.length());
        return TASK_NAME.matcher(topic).matches()
                ? Optional.of(new Resource.KafkaTask(text, topic, awaits))
                : Optional.empty();
    }

    private static Pattern pattern(java.util.regex.Matcher integration) {
        var written = Optional.ofNullable(integration.group("pattern")).orElse("");
        for (var pattern : Pattern.values()) {
            if (pattern.suffix().equals(written)) {
                return pattern;
            }
        }
        throw new IllegalStateException("no pattern is written " + written);
    }
}
