package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.util.Optional;

/** How an execution ended. */
public sealed interface Outcome {
    record Succeeded(Document output) implements Outcome {}

    record Failed(Optional<String> error, Optional<String> cause) implements Outcome {}

    record TimedOut() implements Outcome {}

    record Aborted(Optional<String> error, Optional<String> cause) implements Outcome {}

    /** The status of an execution that ended so. */
    default ExecutionStatus status() {
        return switch (this) {
            case Succeeded _ -> ExecutionStatus.SUCCEEDED;
            case Failed _ -> ExecutionStatus.FAILED;
            case TimedOut _ -> ExecutionStatus.TIMED_OUT;
            case Aborted _ -> ExecutionStatus.ABORTED;
        };
    }
}
