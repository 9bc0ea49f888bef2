package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.time.Instant;
import java.util.Optional;

/** What a child execution tells its parent. */
public sealed interface ChildReport {

    /** The child runs. */
    record Started(String executionArn, Instant startDate) implements ChildReport {}

    /** The child, which had ended, goes on as it was told to. */
    record Redriven(String executionArn) implements ChildReport {}

    /**
     * There is no child.
     *
     * @param subject ARN of what the refusal is about
     */
    record Refused(Refusal reason, String subject) implements ChildReport {}

    /**
     * The child has ended.
     *
     * @param input its input, if the parent wanted its description
     * @param items how many items of a Map run it was given; of any other child, none
     */
    record Ended(
            String executionArn,
            String name,
            String stateMachineArn,
            Optional<Document> input,
            Instant startDate,
            Instant stopDate,
            Outcome outcome,
            int items)
            implements ChildReport {}

    /** Why a child was not started. */
    enum Refusal {
        STATE_MACHINE_DOES_NOT_EXIST,
        EXECUTION_ALREADY_EXISTS,
        /** It cannot go on: how it has ended stays. */
        EXECUTION_NOT_REDRIVABLE,
        /** Its executions are to be sealed, and the engine has no key to do it. */
        SEALING_UNAVAILABLE
    }
}
