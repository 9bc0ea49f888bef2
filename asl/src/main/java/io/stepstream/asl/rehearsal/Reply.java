package io.stepstream.asl.rehearsal;

import io.stepstream.asl.data.Document;
import java.time.Duration;
import java.util.Optional;

/** What a worker sends about a task, some time after it was asked for. */
public sealed interface Reply {

    /** How long after the request. */
    Duration after();

    /** The task succeeded; the output is what a worker answers, before the engine wraps it as AWS does. */
    record Complete(Duration after, Document output) implements Reply {}

    record Fail(Duration after, Optional<String> error, Optional<String> cause) implements Reply {}

    record Heartbeat(Duration after) implements Reply {}

    /** An activity's worker has taken the task. */
    record Take(Duration after, Optional<String> workerName) implements Reply {}

    static Reply complete(Document output) {
        return new Complete(Duration.ZERO, output);
    }

    static Reply fail(String error, String cause) {
        return new Fail(Duration.ZERO, Optional.of(error), Optional.of(cause));
    }
}
