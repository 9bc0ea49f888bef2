package io.stepstream.gateway.http;

/**
 * Every error that a client can get: its name, and its HTTP status in each API. AWS answers nearly everything with 400 and lets
 * the name tell; the native API uses HTTP's own statuses.
 */
public enum ApiError {
    TASK_TIMED_OUT("TaskTimedOut", 400, 410, "The task has timed out or ended"),
    TASK_DOES_NOT_EXIST("TaskDoesNotExist", 400, 404, "There is no such task"),
    INVALID_TOKEN("InvalidToken", 400, 400, "The token is not one of ours"),
    EXECUTION_ALREADY_EXISTS("ExecutionAlreadyExists", 400, 409, "An execution of that name exists"),
    EXECUTION_DOES_NOT_EXIST("ExecutionDoesNotExist", 400, 404, "There is no such execution"),
    STATE_MACHINE_ALREADY_EXISTS("StateMachineAlreadyExists", 400, 409, "A state machine of that name exists"),
    STATE_MACHINE_DOES_NOT_EXIST("StateMachineDoesNotExist", 400, 404, "There is no such state machine"),
    ACTIVITY_DOES_NOT_EXIST("ActivityDoesNotExist", 400, 404, "There is no such activity"),
    ACTIVITY_ALREADY_EXISTS("ActivityAlreadyExists", 400, 409, "An activity of that name exists"),
    STATE_MACHINE_DELETING("StateMachineDeleting", 400, 409, "The state machine is being deleted"),
    STATE_MACHINE_TYPE_NOT_SUPPORTED(
            "StateMachineTypeNotSupported", 400, 400, "The state machine's type does not allow that"),
    EXECUTION_NOT_REDRIVABLE("ExecutionNotRedrivable", 400, 409, "The execution cannot be redriven"),
    RESOURCE_NOT_FOUND("ResourceNotFound", 400, 404, "There is no such resource"),
    CONFLICT("ConflictException", 400, 409, "The request conflicts with what is there"),
    SERVICE_QUOTA_EXCEEDED("ServiceQuotaExceededException", 400, 409, "There are as many as there can be"),
    TOO_MANY_TAGS("TooManyTags", 400, 400, "There are too many tags"),
    MISSING_REQUIRED_PARAMETER("MissingRequiredParameter", 400, 400, "A parameter is missing"),
    INVALID_LOGGING_CONFIGURATION(
            "InvalidLoggingConfiguration", 400, 400, "The logging configuration is not valid"),
    INVALID_ENCRYPTION_CONFIGURATION(
            "InvalidEncryptionConfiguration", 400, 400, "The encryption configuration is not valid"),
    INVALID_DEFINITION("InvalidDefinition", 400, 400, "The definition is not valid"),
    INVALID_NAME("InvalidName", 400, 400, "The name is not valid"),
    INVALID_ARN("InvalidArn", 400, 400, "The ARN is not valid"),
    INVALID_EXECUTION_INPUT("InvalidExecutionInput", 400, 400, "The input is not valid"),
    INVALID_OUTPUT("InvalidOutput", 400, 400, "The output is not valid"),
    VALIDATION("ValidationException", 400, 400, "The request is not valid"),
    MALFORMED("SerializationException", 400, 400, "The body is not what it should be"),
    PAYLOAD_TOO_LARGE("ValidationException", "PayloadTooLarge", 400, 413, "The payload is too large"),
    BODY_TOO_LARGE("RequestEntityTooLargeException", 413, 413, "The body is too large"),
    UNKNOWN_OPERATION("UnknownOperationException", 400, 404, "There is no such operation"),
    NOT_FOUND("NotFound", 404, 404, "There is nothing here"),
    FORBIDDEN("Forbidden", 403, 403, "That is not allowed"),
    UNAVAILABLE("ServiceUnavailable", 503, 503, "The service is not available now"),
    OUTCOME_UNKNOWN("ServiceUnavailable", "OutcomeUnknown", 504, 504, "The outcome is unknown"),
    INTERNAL("InternalFailure", 500, 500, "Something broke inside");

    private final String awsName;
    private final String problemName;
    private final int awsStatus;
    private final int problemStatus;
    private final String title;

    ApiError(String name, int awsStatus, int problemStatus, String title) {
        this(name, name, awsStatus, problemStatus, title);
    }

    ApiError(String awsName, String problemName, int awsStatus, int problemStatus, String title) {
        this.awsName = awsName;
        this.problemName = problemName;
        this.awsStatus = awsStatus;
        this.problemStatus = problemStatus;
        this.title = title;
    }

    /** The error's {@code __type} in the AWS API. */
    public String awsName() {
        return awsName;
    }

    /** The status in the AWS API. */
    public int awsStatus() {
        return awsStatus;
    }

    /** The problem's {@code type} in the native API: AWS's name where AWS has one. */
    public String problemName() {
        return problemName;
    }

    /** The status in the native API. */
    public int problemStatus() {
        return problemStatus;
    }

    /** The problem's {@code title}, the same for every occurrence. */
    public String title() {
        return title;
    }
}
