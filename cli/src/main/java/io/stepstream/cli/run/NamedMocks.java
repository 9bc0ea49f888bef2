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
import java.util.Set;

/**
 * The simple form of mocks: by a state's name or a task's, what the worker answers; {@code {"error", "cause"}} fails the task, and an
 * array answers one request after the other, its last element all further ones.
 */
final class NamedMocks implements Mocks {
    private static final Set<String> FAILURE = Set.of("error", "cause");

    private final JsonNode mocks;
    private final Map<String, Integer> requests = new HashMap<>();

    private NamedMocks(JsonNode mocks) {
        this.mocks = mocks;
    }

    static Mocks of(String file, JsonNode mocks, Optional<String> testCase) {
        if (!mocks.isObject()) {
            throw new Unusable(file + " is not a JSON object: give {\"<task or state>\": <result>, ...}");
        }
        if (testCase.isPresent()) {
            throw new Unusable("--test-case needs a mock file with MockedResponses, which " + file + " has not");
        }
        mocks.properties().forEach(mock -> {
            if (mock.getValue().isArray() && mock.getValue().isEmpty()) {
                throw new Unusable(file + ": " + mock.getKey() + " has no answer; give at least one in the array");
            }
        });
        return new NamedMocks(mocks);
    }

    @Override
    public Optional<Reply> answer(Effect.RequestTask request) {
        return mocked(request.state()).or(() -> mocked(request.name()));
    }

    private Optional<Reply> mocked(String name) {
        var mock = mocks.path(name);
        if (mock.isMissingNode()) {
            return Optional.empty();
        }
        var turn = requests.merge(name, 1, Integer::sum) - 1;
        return Optional.of(reply(mock.isArray() ? mock.path(Math.min(turn, mock.size() - 1)) : mock));
    }

    private static Reply reply(JsonNode answer) {
        var fails = answer.path("error").isTextual()
                && answer.propertyStream().allMatch(field -> FAILURE.contains(field.getKey()));
        return fails
                ? new Reply.Fail(
                        Duration.ZERO,
                        Optional.of(answer.path("error").asText()),
                        Optional.ofNullable(answer.get("cause")).map(JsonNode::asText))
                : Reply.complete(Document.of(answer));
    }
}
