package io.stepstream.asl.execution;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.MalformedJson;
import io.stepstream.asl.definition.BuiltInTasks;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** What the outside world of a recorded case does with a task: functions and activity workers, as the recording describes them. */
final class RecordedWorld {
    private static final ObjectWriter PYTHON = new JsonMapper().writer(new MinimalPrettyPrinter() {
        private static final long serialVersionUID = 1L;

        @Override
        public void writeObjectFieldValueSeparator(JsonGenerator generator) throws IOException {
            generator.writeRaw(": ");
        }

        @Override
        public void writeObjectEntrySeparator(JsonGenerator generator) throws IOException {
            generator.writeRaw(", ");
        }

        @Override
        public void writeArrayValueSeparator(JsonGenerator generator) throws IOException {
            generator.writeRaw(", ");
        }
    });

    private RecordedWorld() {}

    /** How a command is sent, some seconds from now. */
    @FunctionalInterface
    interface Later {
        void send(long seconds, String execution, Command command);
    }

    static void of(JsonNode recorded, String execution, Effect.RequestTask task, Instant now, Later sender) {
        Sender later = (seconds, command) -> sender.send(seconds, execution, command);
        var binding = World.BINDING;
        if (task.name().equals(BuiltInTasks.ITEM_READER)) {
            later.send(0, RecordedItems.answer(recorded.path("setup"), task, now));
            return;
        }
        if (task.resource().endsWith(":sqs:sendMessage")) {
            tell(recorded, task.input().tree().path("MessageBody"), now, sender);
            later.send(0, new Command.CompleteTask(task.ticket(), binding, Document.EMPTY_OBJECT, now));
            return;
        }
        for (var driver : recorded.path("driver")) {
            if (driver.path("kind").asText().equals("activity-consumer")
                    && driver.path("activity_arn").asText().equals(task.resource())) {
                consume(driver.path("template").path("States"), task, binding, now, later);
                return;
            }
        }
        if (task.resource().contains(":activity:") || task.resource().endsWith(".waitForTaskToken")) {
            return;
        }
        for (var worker : recorded.path("worker").properties()) {
            if (functionName(worker.getKey()).equals(task.name())) {
                work(worker.getValue(), task, binding, now, later);
                return;
            }
        }
        later.send(
                0,
                new Command.FailTask(
                        task.ticket(),
                        binding,
                        Optional.of("Lambda.ResourceNotFoundException"),
                        Optional.of(
                                "Function not found: arn:aws:lambda:us-east-1:111111111111:function:" + task.name()
                                        + ":$LATEST (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: 1; Proxy: null)"),
                        now));
    }

    /** How one execution is sent a command. */
    @FunctionalInterface
    private interface Sender {
        void send(long seconds, Command command);
    }

    /** A message with a task token in a queue: whoever reads the queue answers by the token. */
    private static void tell(JsonNode recorded, JsonNode message, Instant now, Later later) {
        for (var driver : recorded.path("driver")) {
            if (driver.path("kind").asText().equals("sqs-token-success")) {
                var token = message.path("TaskToken").asText().split(" ");
                var answer = Document.of(message.path("Message"));
                later.send(0, token[1], new Command.CompleteTask(Long.parseLong(token[2]), World.BINDING, answer, now));
            }
        }
    }

    private static String functionName(String arn) {
        return arn.substring(arn.indexOf(":function:") + 10);
    }

    private static void work(JsonNode worker, Effect.RequestTask task, String binding, Instant now, Sender later) {
        var seconds = worker.path("seconds").asLong(0);
        switch (worker.path("behaviour").asText()) {
            case "raise" -> {
                var cause = JsonNodeFactory.instance.objectNode();
                var type = worker.path("errorType").asText();
                var message = worker.path("errorMessage").asText();
                cause.put("errorMessage", message).put("errorType", type).put("requestId", "1");
                cause.putArray("stackTrace")
                        .add("  File \"/var/task/handler.py\", line 2, in handler\n    raise " + type + "(\"" + message
                                + "\")\n");
                later.send(
                        0,
                        new Command.FailTask(
                                task.ticket(), binding, Optional.of(type), Optional.of(causeText(task, cause)), now));
            }
            case "constant" -> complete(task, binding, worker.path("value"), seconds, now, later);
            case "large-string" ->
                complete(
                        task,
                        binding,
                        TextNode.valueOf(worker.path("char")
                                .asText()
                                .repeat(worker.path("bytes").asInt())),
                        seconds,
                        now,
                        later);
            case "format" ->
                complete(
                        task,
                        binding,
                        TextNode.valueOf(worker.path("format")
                                .asText()
                                .replace("{event:pyrepr}", python(task.input().tree()))),
                        seconds,
                        now,
                        later);
            default -> complete(task, binding, task.input().tree(), seconds, now, later);
        }
    }

    /** A bare function's error is recorded as Python's json.dumps wrote it, an invocation's as its service did. */
    private static String causeText(Effect.RequestTask task, JsonNode cause) {
        return task.resource().endsWith("lambda:invoke")
                ? cause.toString()
                : written(cause).text();
    }

    private static void complete(
            Effect.RequestTask task, String binding, JsonNode output, long seconds, Instant now, Sender later) {
        later.send(
                seconds, new Command.CompleteTask(task.ticket(), binding, written(output), now.plusSeconds(seconds)));
    }

    /** The recorded functions are Python's: what they return is written with blanks behind commas and colons. */
    private static Document written(JsonNode output) {
        try {
            return Document.parse(PYTHON.writeValueAsString(output));
        } catch (JsonProcessingException | MalformedJson e) {
            throw new IllegalStateException("a tree can be written and read again", e);
        }
    }

    /** Plays the recorded consumer, itself a state machine, for one task. */
    private static void consume(JsonNode states, Effect.RequestTask task, String binding, Instant now, Sender later) {
        var worker = Optional.ofNullable(
                states.path("GetActivityTask").path("Parameters").get("WorkerName"));
        later.send(0, new Command.StartTask(task.ticket(), binding, worker.map(JsonNode::asText), now));
        long seconds = 0;
        var name = states.path("CheckTaskToken")
                .path("Choices")
                .path(0)
                .path("Next")
                .asText();
        for (var state = states.path(name);
                !state.isMissingNode();
                state = states.path(state.path("Next").asText())) {
            var resource = state.path("Resource").asText();
            var at = now.plusSeconds(seconds);
            if (state.path("Type").asText().equals("Wait")) {
                seconds += state.path("Seconds").asLong();
            } else if (resource.endsWith("sendTaskHeartbeat")) {
                later.send(seconds, new Command.Heartbeat(task.ticket(), binding, at));
            } else if (resource.endsWith("sendTaskSuccess")) {
                later.send(seconds, new Command.CompleteTask(task.ticket(), binding, task.input(), at));
            } else if (resource.endsWith("sendTaskFailure")) {
                var error = Optional.ofNullable(state.path("Parameters").get("Error"))
                        .map(JsonNode::asText);
                later.send(
                        seconds,
                        new Command.FailTask(
                                task.ticket(),
                                binding,
                                error,
                                Optional.of(task.input().text()),
                                at));
            }
        }
    }

    /** As Python's repr() writes it. */
    private static String python(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL -> "None";
            case BOOLEAN -> value.asBoolean() ? "True" : "False";
            case STRING -> "'" + value.asText().replace("\\", "\\\\").replace("'", "\\'") + "'";
            case ARRAY ->
                value.valueStream()
                        .map(RecordedWorld::python)
                        .collect(java.util.stream.Collectors.joining(", ", "[", "]"));
            case OBJECT ->
                value.propertyStream()
                        .map(field -> "'" + field.getKey() + "': " + python(field.getValue()))
                        .collect(java.util.stream.Collectors.joining(", ", "{", "}"));
            default -> value.asText();
        };
    }
}
