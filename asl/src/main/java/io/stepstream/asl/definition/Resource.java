package io.stepstream.asl.definition;

import io.stepstream.asl.data.Document;
import java.util.Optional;

/** What a Task state asks for: its Resource, taken apart. */
public sealed interface Resource {

    /** The Resource as written in the definition. */
    String text();

    /** The name of the task that does this, given what the state's parameters evaluated to; empty if they do not tell. */
    Optional<String> taskName(Document parameters);

    /** Whether the result comes from whoever holds the task token, not from who takes the request. */
    boolean awaitsCallback();

    /** Whether the state's parameters may hold the task token: where the answer may come from whoever holds it. */
    default boolean hasToken() {
        return awaitsCallback()
                || this instanceof Integration integration
                        && integration.pattern() != Integration.Pattern.REQUEST_RESPONSE;
    }

    /** A bare function ARN: the function gets the whole input and its return value is the result, unwrapped. */
    record LambdaFunction(String text, String functionName) implements Resource {
        @Override
        public Optional<String> taskName(Document parameters) {
            return Optional.of(functionName);
        }

        @Override
        public boolean awaitsCallback() {
            return false;
        }
    }

    /** An activity's ARN. */
    record Activity(String text, String activityName) implements Resource {
        @Override
        public Optional<String> taskName(Document parameters) {
            return Optional.of(activityName);
        }

        @Override
        public boolean awaitsCallback() {
            return false;
        }
    }

    /**
     * A service integration, {@code arn:aws:states:::<service>:<action>[.sync|.sync:2|.waitForTaskToken]}.
     *
     * @param service what history events call resourceType: {@code lambda}, {@code sqs}, {@code aws-sdk:s3}
     * @param action without its pattern: {@code invoke}
     */
    record Integration(String text, String service, String action, Pattern pattern) implements Resource {

        /** When the integration's task is done. */
        public enum Pattern {
            REQUEST_RESPONSE(""),
            SYNC(".sync"),
            SYNC_2(".sync:2"),
            WAIT_FOR_TASK_TOKEN(".waitForTaskToken");

            private final String suffix;

            Pattern(String suffix) {
                this.suffix = suffix;
            }

            public String suffix() {
                return suffix;
            }
        }

        /** What history events call the resource: the action with its pattern. */
        public String eventResource() {
            return action + pattern.suffix();
        }

        @Override
        public Optional<String> taskName(Document parameters) {
            return TaskName.of(this, parameters.tree());
        }

        @Override
        public boolean awaitsCallback() {
            return pattern == Pattern.WAIT_FOR_TASK_TOKEN;
        }
    }

    /** A topic of ours, {@code arn:stepstream:kafka:::<topic>[.waitForTaskToken]}. */
    record KafkaTask(String text, String topic, boolean awaitsCallback) implements Resource {

        /** What history events call the resource. */
        public String eventResource() {
            return topic + (awaitsCallback ? Integration.Pattern.WAIT_FOR_TASK_TOKEN.suffix() : "");
        }

        @Override
        public Optional<String> taskName(Document parameters) {
            return Optional.of(topic);
        }
    }

    /** A URI of something that nobody here carries out; the language allows it, and its task fails when it runs. */
    record Unresolved(String text) implements Resource {
        @Override
        public Optional<String> taskName(Document parameters) {
            return Optional.empty();
        }

        @Override
        public boolean awaitsCallback() {
            return false;
        }
    }
}
