package io.stepstream.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A recorded sequence of calls of the AWS API, played against a gateway. */
final class ApiScript {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SAID = Pattern.compile("error occurred \\((\\w+)\\)[^:]*: ([\\s\\S]*)");
    private static final Map<String, String> LISTS =
            Map.of("ListStateMachines", "stateMachineArn", "ListActivities", "activityArn");

    private final JsonNode script;
    private final Api api;
    private final Comparison comparison;
    private final Map<String, String> bound = new HashMap<>();
    private final Set<String> made = new HashSet<>();

    ApiScript(JsonNode script, Api api) {
        this.script = script;
        this.api = api;
        this.comparison = new Comparison(script.path("normalise"));
    }

    private record Answer(int status, JsonNode body) {}

    /** What the recording says of an error: its name, and its text if that is of AWS. */
    private record Failure(Optional<String> code, Optional<String> message) {}

    /** Plays it; returns what was not as recorded. */
    List<String> play() throws Exception {
        var differences = new ArrayList<String>();
        var calls = script.path("calls");
        for (var i = 0; i < calls.size(); i++) {
            var call = calls.get(i);
            if (call.path("expectError").toString().contains("Parameter validation failed")) {
                continue;
            }
            var where = "#" + i + " " + call.path("op").asText() + " ";
            play(call).ifPresent(difference -> differences.add(where + difference));
        }
        return differences;
    }

    private Optional<String> play(JsonNode call) throws Exception {
        var answer = settled(call);
        call.path("binds").properties().forEach(bind -> {
            if (answer.body().path(bind.getKey()).isTextual()) {
                bound.put(
                        bind.getValue().asText(),
                        answer.body().path(bind.getKey()).textValue());
            }
        });
        for (var arn : LISTS.values()) {
            if (call.path("op").asText().startsWith("Create") && answer.body().has(arn)) {
                made.add(answer.body().path(arn).textValue());
            }
        }
        var failure = failure(call.path("expectError"));
        if (failure.isPresent()) {
            return compare(failure.get(), answer);
        }
        if (!call.hasNonNull("expect") && !call.hasNonNull("expectParts")) {
            return Optional.empty();
        }
        return answer.status() == 200 ? compare(call, answer.body()) : Optional.of("was refused: " + answer.body());
    }

    private Optional<String> compare(Failure expected, Answer answer) {
        var type = answer.body().path("__type").asText();
        if (answer.status() == 200) {
            return Optional.of("expected an error, got success");
        }
        if (expected.code().filter(code -> !code.equals(type)).isPresent()) {
            return Optional.of("expected " + expected.code().get() + ", got " + answer.body());
        }
        return expected.message()
                .filter(_ -> !script.path("recordedAgainst").asText().equals("localstack"))
                .flatMap(message -> comparison.difference(
                        JsonNodeFactory.instance.textNode(message),
                        answer.body().path("message")));
    }

    private Optional<String> compare(JsonNode call, JsonNode body) {
        var shown = (ObjectNode) body.deepCopy();
        var op = call.path("op").asText();
        var wanted = call.path("expect");
        if (op.startsWith("DescribeStateMachine") && !wanted.has("encryptionConfiguration")) {
            shown.remove(List.of("encryptionConfiguration", "variableReferences"));
        }
        if (LISTS.containsKey(op)) {
            shown.properties().forEach(member -> onlyOurs(member.getValue(), LISTS.get(op)));
        }
        if (call.hasNonNull("expect")) {
            var found = comparison.difference(wanted, shown);
            if (found.isPresent()) {
                return found;
            }
        }
        for (var part : call.path("expectParts")) {
            JsonNode at = shown;
            for (var step : part.path("path")) {
                at = step.isInt() ? at.path(step.intValue()) : at.path(step.asText());
            }
            var found = comparison.difference(part.path("value"), at);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private void onlyOurs(JsonNode list, String arn) {
        if (list instanceof ArrayNode array) {
            var ours = new ArrayList<JsonNode>();
            array.forEach(item -> {
                if (made.contains(item.path(arn).asText())) {
                    ours.add(item);
                }
            });
            ours.sort(Comparator.comparing(item -> item.path("name").asText()));
            array.removeAll();
            array.addAll(ours);
        }
    }

    /** The answer; of a question about an execution, once that has ended, unless the recording asked earlier. */
    private Answer settled(JsonNode call) throws Exception {
        var op = call.path("op").asText();
        var parameters = substituted(call.path("params"));
        if (isAboutTheEnd(call, op)) {
            api.get("/v1/executions/%s/events"
                    .formatted(URLEncoder.encode(parameters.path("executionArn").asText(), StandardCharsets.UTF_8)));
        }
        return send(op, parameters.toString());
    }

    /** Whether the recording waited for the execution's end before it asked: its stream of events then ends too. */
    private boolean isAboutTheEnd(JsonNode call, String op) {
        if (call.hasNonNull("expectError") || isStoppedLater(call)) {
            return false;
        }
        return switch (op) {
            case "DescribeExecution" ->
                !call.path("expect").path("status").asText().equals("RUNNING");
            case "GetExecutionHistory" -> !call.path("params").has("maxResults");
            default -> false;
        };
    }

    private boolean isStoppedLater(JsonNode call) {
        var later = false;
        var found = false;
        for (var other : script.path("calls")) {
            found |= later && other.path("op").asText().equals("StopExecution");
            later |= other == call;
        }
        return found;
    }

    private Answer send(String op, String parameters) throws Exception {
        var reply = api.send(
                "POST",
                "/",
                parameters,
                "X-Amz-Target",
                "AWSStepFunctions." + op,
                "Content-Type",
                "application/x-amz-json-1.0");
        return new Answer(reply.status(), reply.json());
    }

    private JsonNode substituted(JsonNode value) throws Exception {
        var text = value.toString();
        var longestFirst = new ArrayList<>(bound.entrySet());
        longestFirst.sort(Comparator.comparing(
                (Map.Entry<String, String> entry) -> -entry.getKey().length()));
        for (var entry : longestFirst) {
            text = text.replace(entry.getKey(), entry.getValue());
        }
        return JSON.readTree(text);
    }

    private static Optional<Failure> failure(JsonNode expected) {
        if (expected.isMissingNode() || expected.isNull() || expected.isEmpty()) {
            return Optional.empty();
        }
        var said = SAID.matcher(expected.path("text").asText());
        var found = said.find();
        return Optional.of(new Failure(
                Optional.ofNullable(expected.path("code").textValue())
                        .or(() -> found ? Optional.of(said.group(1)) : Optional.empty()),
                Optional.ofNullable(expected.path("message").textValue())
                        .or(() -> found ? Optional.of(said.group(2)) : Optional.empty())));
    }
}
