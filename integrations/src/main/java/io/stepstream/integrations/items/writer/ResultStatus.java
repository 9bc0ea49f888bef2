package io.stepstream.integrations.items.writer;

/** Which of the three kinds of files the result of a child execution is in. */
enum ResultStatus {
    FAILED,
    PENDING,
    SUCCEEDED;

    /** Of an execution's status. What has not ended by itself or by force was never started: it is pending. */
    static ResultStatus of(String executionStatus) {
        return switch (executionStatus) {
            case "SUCCEEDED" -> SUCCEEDED;
            case "FAILED", "TIMED_OUT", "ABORTED" -> FAILED;
            default -> PENDING;
        };
    }
}
