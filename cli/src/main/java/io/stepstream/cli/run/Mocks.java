package io.stepstream.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.rehearsal.Reply;
import java.util.Optional;

/** Answers written down beforehand. */
public interface Mocks {

    /** No answers at all. */
    Mocks NONE = _ -> Optional.empty();

    /** The answer to this request, in its turn; empty if this task is not mocked. */
    Optional<Reply> answer(Effect.RequestTask request);

    /**
     * The mocks of a file: AWS's format if it has {@code MockedResponses}, else the simple one.
     *
     * @param file the file's name, for error texts
     * @param machine the state machine's name, which AWS's format looks test cases up by
     * @param testCase which test case of it; may be left out if there is only one
     * @throws io.stepstream.cli.Unusable if the file is not as its format has it
     */
    static Mocks of(String file, JsonNode mocks, String machine, Optional<String> testCase) {
        return mocks.has(MockedResponses.FIELD)
                ? MockedResponses.of(file, mocks, machine, testCase)
                : NamedMocks.of(file, mocks, testCase);
    }
}
