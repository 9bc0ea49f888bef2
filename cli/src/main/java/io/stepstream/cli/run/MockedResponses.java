package io.stepstream.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.rehearsal.Reply;
import io.stepstream.cli.Unusable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * AWS's format of mocks: a test case names a response for each state, and a response says what each attempt gives.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html">Step Functions Local, mock
 *     configuration file</a>
 */
final class MockedResponses implements Mocks {
    static final String FIELD = "MockedResponses";
    private static final Pattern ATTEMPTS = Pattern.compile("(?<first>\\d{1,6})(?:-(?<last>\\d{1,6}))?");
    private static final String INVOCATION = "arn:aws:states:::lambda:invoke";

    private final String file;
    private final JsonNode responses;
    private final JsonNode states;
    private final Map<String, Integer> requests = new HashMap<>();

    private MockedResponses(String file, JsonNode responses, JsonNode states) {
        this.file = file;
        this.responses = responses;
        this.states = states;
    }

    static Mocks of(String file, JsonNode mocks, String machine, Optional<String> testCase) {
        var machines = mocks.path("StateMachines");
        var ofMachine = machines.path(only("StateMachines", machines, Optional.of(machine), "--name", file));
        var cases = ofMachine.path("TestCases");
        var states = cases.path(only("TestCases", cases, testCase, "--test-case", file));
        var checked = new MockedResponses(file, mocks.path(FIELD), states);
        states.forEach(name -> checked.check(name.asText()));
        return checked;
    }

    /** The name asked for, or the only one there is. */
    private static String only(String field, JsonNode among, Optional<String> wanted, String option, String file) {
        if (wanted.isPresent() && among.has(wanted.get())) {
            return wanted.get();
        }
        var names = among.propertyStream().map(Map.Entry::getKey).toList();
        if (names.size() == 1 && (wanted.isEmpty() || option.equals("--name"))) {
            return names.getFirst();
        }
        throw new Unusable(file + " has under " + field + " " + names
                + wanted.map(name -> ", and no " + name).orElse("") + ": choose one by " + option);
    }

    private void check(String name) {
        var response = responses.path(name);
        if (!response.isObject()) {
            throw new Unusable(file + ": " + FIELD + " has no " + name + ", which the test case names");
        }
        response.properties().forEach(attempt -> {
            if (!ATTEMPTS.matcher(attempt.getKey()).matches()) {
                throw new Unusable(file + ": " + FIELD + "/" + name + "/" + attempt.getKey()
                        + " names no attempts; write \"0\" or \"1-2\"");
            }
            if (!attempt.getValue().has("Return")
                    && !attempt.getValue().path("Throw").has("Error")) {
                throw new Unusable(file + ": " + FIELD + "/" + name + "/" + attempt.getKey()
                        + " has neither Return nor Throw with an Error");
            }
        });
    }

    @Override
    public Optional<Reply> answer(Effect.RequestTask request) {
        var name = states.path(request.state());
        if (name.isMissingNode()) {
            return Optional.empty();
        }
        var attempt = requests.merge(request.state(), 1, Integer::sum) - 1;
        return responses
                .path(name.asText())
                .propertyStream()
                .filter(response -> covers(response.getKey(), attempt))
                .findFirst()
                .map(response -> reply(response.getValue(), request))
                .or(() -> {
                    throw new Unusable(file + ": " + FIELD + "/" + name.asText() + " has no attempt " + attempt
                            + ", which state " + request.state() + " asks for");
                });
    }

    private static boolean covers(String attempts, int attempt) {
        var range = ATTEMPTS.matcher(attempts);
        if (!range.matches()) {
            return false;
        }
        var first = Integer.parseInt(range.group("first"));
        var last =
                Optional.ofNullable(range.group("last")).map(Integer::parseInt).orElse(first);
        return first <= attempt && attempt <= last;
    }

    private Reply reply(JsonNode response, Effect.RequestTask request) {
        var thrown = response.path("Throw");
        if (!thrown.isMissingNode()) {
            return new Reply.Fail(
                    Duration.ZERO,
                    Optional.of(thrown.path("Error").asText()),
                    Optional.ofNullable(thrown.get("Cause")).map(JsonNode::asText));
        }
        var returned = response.path("Return");
        if (!request.resource().equals(INVOCATION)) {
            return Reply.complete(Document.of(returned));
        }
        // The response of the invocation, of which a worker answers the Payload: the engine puts the rest around it
        // again.
        if (!returned.has("Payload")) {
            throw new Unusable(file + ": the Return for state " + request.state() + " has no Payload, which what "
                    + INVOCATION + " returns must have");
        }
        return Reply.complete(Document.of(returned.path("Payload")));
    }
}
