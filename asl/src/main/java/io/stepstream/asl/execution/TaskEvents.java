package io.stepstream.asl.execution;

import static io.stepstream.asl.execution.HistoryEventType.*;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.MalformedJson;
import io.stepstream.asl.definition.Resource;
import io.stepstream.asl.execution.History.Details;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What the kind of a task's resource decides: which history events tell of it and how its payloads are wrapped. A bare function ARN is
 * told of by LambdaFunction events, an activity by Activity events, everything else by Task events.
 */
sealed interface TaskEvents {

    /** An event yet to be numbered. */
    record Entry(HistoryEventType type, Details details) {}

    Optional<Entry> scheduled(
            Document input,
            Optional<Long> timeoutSeconds,
            Optional<Long> heartbeatSeconds,
            Optional<Document> credentials);

    /** Whether asking for the task starts it; an activity starts when a worker takes it. */
    boolean startsAtOnce();

    Optional<Entry> startFailed(Failure failure);

    Optional<Entry> started(Optional<String> workerName);

    /** The request has been handed over, and the answer comes by the token. */
    Optional<Entry> submitted();

    Optional<Entry> succeeded(Document output);

    Optional<Entry> failed(Failure failure);

    Optional<Entry> timedOut(Failure failure);

    static TaskEvents of(Resource resource, ExecutionIdentity identity) {
        return switch (resource) {
            case Resource.LambdaFunction function -> new OfFunction(function.text());
            case Resource.Activity activity -> new OfActivity(activity.text());
            case Resource.Integration integration ->
                new OfIntegration(
                        integration.service(),
                        integration.eventResource(),
                        region(identity),
                        integration.awaitsCallback());
            case Resource.KafkaTask kafka ->
                new OfIntegration("kafka", kafka.eventResource(), region(identity), kafka.awaitsCallback());
            case Resource.Unresolved unresolved ->
                new OfIntegration("unresolved", unresolved.text(), region(identity), false);
        };
    }

    private static String region(ExecutionIdentity identity) {
        var parts = identity.arn().split(":", 5);
        return parts.length > 4 ? parts[3] : "";
    }

    /** What the worker gets of a task's parameters: of a function's invocation the function's event, else all. */
    static Document workersInput(Resource resource, Document parameters) {
        if (!isInvocation(resource)) {
            return parameters;
        }
        var payload = parameters.tree().path("Payload");
        if (payload.isMissingNode() || payload.isNull()) {
            return Document.EMPTY_OBJECT;
        }
        return payload.isTextual() ? jsonOrText(payload) : Document.of(payload);
    }

    /** A Payload that is a string is the event's JSON text, as the API of functions takes it. */
    private static Document jsonOrText(JsonNode payload) {
        try {
            return Document.parse(payload.asText());
        } catch (MalformedJson _) {
            return Document.of(payload);
        }
    }

    /** A worker's answer as the state's result: a function's return value in the response of an invocation, anything else as it is. */
    static Document wrap(Resource resource, Document answer, Instant now, RandomGenerator random) {
        return isInvocation(resource) && !resource.awaitsCallback()
                ? InvocationResponse.of(answer, now, random)
                : answer;
    }

    private static boolean isInvocation(Resource resource) {
        return resource instanceof Resource.Integration integration
                && integration.service().equals("lambda")
                && integration.action().equals("invoke");
    }

    private static Entry entry(HistoryEventType type, Details details) {
        return new Entry(type, details);
    }

    /** A function by its ARN. */
    record OfFunction(String resource) implements TaskEvents {
        @Override
        public Optional<Entry> scheduled(
                Document input,
                Optional<Long> timeoutSeconds,
                Optional<Long> heartbeatSeconds,
                Optional<Document> credentials) {
            var details = Details.none().data("input", input).text("resource", resource);
            timeoutSeconds.ifPresent(seconds -> details.number("timeoutInSeconds", seconds));
            credentials(credentials, details);
            return Optional.of(entry(LAMBDA_FUNCTION_SCHEDULED, details));
        }

        @Override
        public boolean startsAtOnce() {
            return true;
        }

        @Override
        public Optional<Entry> startFailed(Failure failure) {
            return Optional.of(
                    entry(LAMBDA_FUNCTION_START_FAILED, Details.none().failure(failure)));
        }

        @Override
        public Optional<Entry> started(Optional<String> workerName) {
            return Optional.of(entry(LAMBDA_FUNCTION_STARTED, Details.none()));
        }

        @Override
        public Optional<Entry> submitted() {
            return Optional.empty();
        }

        @Override
        public Optional<Entry> succeeded(Document output) {
            return Optional.of(entry(LAMBDA_FUNCTION_SUCCEEDED, Details.none().data("output", output)));
        }

        @Override
        public Optional<Entry> failed(Failure failure) {
            return Optional.of(entry(LAMBDA_FUNCTION_FAILED, Details.none().failure(failure)));
        }

        @Override
        public Optional<Entry> timedOut(Failure failure) {
            return Optional.of(entry(LAMBDA_FUNCTION_TIMED_OUT, Details.none().failure(failure)));
        }
    }

    /** An activity. */
    record OfActivity(String resource) implements TaskEvents {
        @Override
        public Optional<Entry> scheduled(
                Document input,
                Optional<Long> timeoutSeconds,
                Optional<Long> heartbeatSeconds,
                Optional<Document> credentials) {
            var details = Details.none().data("input", input).text("resource", resource);
            timeoutSeconds.ifPresent(seconds -> details.number("timeoutInSeconds", seconds));
            heartbeatSeconds.ifPresent(seconds -> details.number("heartbeatInSeconds", seconds));
            return Optional.of(entry(ACTIVITY_SCHEDULED, details));
        }

        @Override
        public boolean startsAtOnce() {
            return false;
        }

        @Override
        public Optional<Entry> startFailed(Failure failure) {
            return Optional.of(entry(ACTIVITY_SCHEDULE_FAILED, Details.none().failure(failure)));
        }

        @Override
        public Optional<Entry> started(Optional<String> workerName) {
            return Optional.of(entry(ACTIVITY_STARTED, Details.none().text("workerName", workerName)));
        }

        @Override
        public Optional<Entry> submitted() {
            return Optional.empty();
        }

        @Override
        public Optional<Entry> succeeded(Document output) {
            return Optional.of(entry(ACTIVITY_SUCCEEDED, Details.none().data("output", output)));
        }

        @Override
        public Optional<Entry> failed(Failure failure) {
            return Optional.of(entry(ACTIVITY_FAILED, Details.none().failure(failure)));
        }

        @Override
        public Optional<Entry> timedOut(Failure failure) {
            return Optional.of(entry(ACTIVITY_TIMED_OUT, Details.none().failure(failure)));
        }
    }

    /** A service integration, or a topic of ours. */
    record OfIntegration(String resourceType, String resource, String region, boolean awaitsCallback)
            implements TaskEvents {
        @Override
        public Optional<Entry> scheduled(
                Document input,
                Optional<Long> timeoutSeconds,
                Optional<Long> heartbeatSeconds,
                Optional<Document> credentials) {
            var details = named().text("region", region).data("parameters", input);
            timeoutSeconds.ifPresent(seconds -> details.number("timeoutInSeconds", seconds));
            heartbeatSeconds.ifPresent(seconds -> details.number("heartbeatInSeconds", seconds));
            credentials(credentials, details);
            return Optional.of(entry(TASK_SCHEDULED, details));
        }

        @Override
        public boolean startsAtOnce() {
            return true;
        }

        @Override
        public Optional<Entry> startFailed(Failure failure) {
            return Optional.of(entry(TASK_START_FAILED, named().failure(failure)));
        }

        @Override
        public Optional<Entry> started(Optional<String> workerName) {
            return Optional.of(entry(TASK_STARTED, named()));
        }

        @Override
        public Optional<Entry> submitted() {
            return awaitsCallback
                    ? Optional.of(entry(TASK_SUBMITTED, named().data("output", Document.EMPTY_OBJECT)))
                    : Optional.empty();
        }

        @Override
        public Optional<Entry> succeeded(Document output) {
            return Optional.of(entry(TASK_SUCCEEDED, named().data("output", output)));
        }

        @Override
        public Optional<Entry> failed(Failure failure) {
            return Optional.of(entry(TASK_FAILED, named().failure(failure)));
        }

        @Override
        public Optional<Entry> timedOut(Failure failure) {
            return Optional.of(entry(TASK_TIMED_OUT, named().failure(failure)));
        }

        private Details named() {
            return Details.none().text("resourceType", resourceType).text("resource", resource);
        }
    }

    private static void credentials(Optional<Document> credentials, Details details) {
        credentials
                .map(document -> document.tree().path("RoleArn").asText(""))
                .ifPresent(
                        role -> details.fields("taskCredentials", Details.none().text("roleArn", role)));
    }
}
