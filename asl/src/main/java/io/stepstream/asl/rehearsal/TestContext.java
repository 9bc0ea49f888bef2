package io.stepstream.asl.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.EvaluationContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** What a tested state's expressions see: the context object that was given, or one made up as AWS does. */
final class TestContext implements EvaluationContext {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** The fields that may be given: of each object, and whether its value is a string, a number or anything. */
    private static final Map<String, Map<String, Kind>> FIELDS = Map.of(
            "Execution",
                    Map.of(
                            "Id", Kind.STRING,
                            "Input", Kind.ANY,
                            "Name", Kind.STRING,
                            "RoleArn", Kind.STRING,
                            "StartTime", Kind.STRING,
                            "RedriveCount", Kind.NUMBER,
                            "RedriveTime", Kind.STRING),
            "State", Map.of("EnteredTime", Kind.STRING, "Name", Kind.STRING, "RetryCount", Kind.NUMBER),
            "StateMachine", Map.of("Id", Kind.STRING, "Name", Kind.STRING),
            "Task", Map.of("Token", Kind.STRING));

    private enum Kind {
        STRING("a string"),
        NUMBER("a number"),
        ANY("anything");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        private boolean admits(JsonNode value) {
            return switch (this) {
                case STRING -> value.isTextual();
                case NUMBER -> value.isNumber();
                case ANY -> true;
            };
        }
    }

    private final Document object;
    private final Document executionInput;
    private final Map<String, Document> variables;
    private final Instant now;
    private final RandomGenerator random;

    private TestContext(ObjectNode object, Map<String, Document> variables, StateTestRequest request) {
        this.object = Document.of(object);
        this.executionInput = Document.of(object.path("Execution").has("Input")
                ? object.path("Execution").path("Input")
                : Documents.object());
        this.variables = variables;
        this.now = request.now();
        this.random = new Random(request.id().hashCode());
    }

    static TestContext of(StateTestRequest request, TestSubject subject) {
        var object = request.contextText().isPresent()
                ? given(request.contextText().get())
                : made(request, subject);
        return new TestContext(object, request.variables(), request);
    }

    private static ObjectNode given(String text) {
        if (!(Documents.tree(text).orElse(null) instanceof ObjectNode context)) {
            throw refused("it must be a JSON object");
        }
        for (var part : context.properties()) {
            if (part.getKey().equals("Map")) {
                throw refused("'Map' field is not supported when mocking a Context object");
            }
            var fields = Optional.ofNullable(FIELDS.get(part.getKey()))
                    .orElseThrow(() -> refused("Field '" + part.getKey() + "' is not allowed"));
            if (!(part.getValue() instanceof ObjectNode members)) {
                throw refused(part.getKey() + " must be an object");
            }
            members.properties().forEach(member -> check(part.getKey(), fields, member));
        }
        return context;
    }

    private static void check(String part, Map<String, Kind> fields, Map.Entry<String, JsonNode> member) {
        var kind = Optional.ofNullable(fields.get(member.getKey()))
                .orElseThrow(() -> refused("Field '" + member.getKey() + "' is not allowed"));
        if (!kind.admits(member.getValue())) {
            throw refused(part + "." + member.getKey() + " must be " + kind.words);
        }
    }

    private static TestRefused refused(String why) {
        return TestRefused.validation("Invalid Context object provided: " + why);
    }

    private static ObjectNode made(StateTestRequest request, TestSubject subject) {
        var name = UUID.nameUUIDFromBytes(("name " + request.id()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        var machine = UUID.nameUUIDFromBytes(("machine " + request.id()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        var time = TIME.format(request.now());
        var context = Documents.object();
        var execution = context.putObject("Execution");
        execution.put("Id", "arn:aws:states:us-east-1:000000000000:express:" + machine + ":" + name);
        execution.set("Input", request.input().tree());
        execution.put("Name", name.toString());
        request.roleArn().ifPresent(role -> execution.put("RoleArn", role));
        execution.put("StartTime", time);
        context.putObject("StateMachine")
                .put("Id", "arn:aws:states:us-east-1:000000000000:stateMachine:" + machine)
                .put("Name", machine.toString());
        var state = context.putObject("State").put("Name", subject.name()).put("EnteredTime", time);
        if (Set.of("Task", "Map", "Parallel").contains(subject.type())) {
            state.put("RetryCount", request.retries());
        }
        return context;
    }

    @Override
    public Document contextObject() {
        return object;
    }

    @Override
    public Document executionInput() {
        return executionInput;
    }

    @Override
    public Optional<Document> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public Instant now() {
        return now;
    }
}
