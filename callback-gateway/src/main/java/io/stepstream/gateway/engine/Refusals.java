package io.stepstream.gateway.engine;

import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.avro.Verdict;
import java.util.Locale;
import java.util.Optional;

/** What a client is told when the engine refuses: the one mapping, for both APIs, in AWS's words where AWS has words. */
public final class Refusals {

    private Refusals() {}

    /** The verdict, if it is "accepted". */
    static Verdict accepted(Verdict verdict) throws ApiException {
        var refusal = Optional.ofNullable(verdict.getRefusal());
        if (refusal.isPresent()) {
            throw refused(refusal.get(), verdict);
        }
        return verdict;
    }

    static ApiException refused(String refusal, Verdict verdict) {
        return switch (refusal) {
            case "TASK_TIMED_OUT" -> taskTimedOut();
            case "TASK_DOES_NOT_EXIST" ->
                new ApiException(ApiError.TASK_DOES_NOT_EXIST, "Task Does Not Exist: 'Provided task does not exist'");
            case "INVALID_TOKEN" -> invalidToken();
            case "EXECUTION_ALREADY_EXISTS" ->
                new ApiException(
                        ApiError.EXECUTION_ALREADY_EXISTS,
                        "Execution Already Exists: '%s'".formatted(verdict.getSubject()));
            case "EXECUTION_DOES_NOT_EXIST" -> executionDoesNotExist(verdict.getSubject());
            case "STATE_MACHINE_ALREADY_EXISTS" ->
                new ApiException(
                        ApiError.STATE_MACHINE_ALREADY_EXISTS,
                        "State Machine Already Exists: '%s'".formatted(verdict.getSubject()));
            case "INVALID_DEFINITION" ->
                new ApiException(
                        ApiError.INVALID_DEFINITION,
                        "Invalid State Machine Definition: '%s'".formatted(verdict.getMessage()));
            case "INVALID_EXECUTION_INPUT" ->
                new ApiException(
                        ApiError.INVALID_EXECUTION_INPUT,
                        "Invalid State Machine Execution Input: '%s'".formatted(verdict.getMessage()));
            case "INVALID_OUTPUT" ->
                new ApiException(ApiError.INVALID_OUTPUT, "Invalid Output: '%s'".formatted(verdict.getMessage()));
            case "LINK_EXPIRED" -> new ApiException(ApiError.TASK_TIMED_OUT, "Task Timed Out: 'This link has expired'");
            case "TASK_TOPIC_MISSING" -> new ApiException(ApiError.UNAVAILABLE, verdict.getMessage());
            case "INTERNAL_ERROR" -> new ApiException(ApiError.INTERNAL, verdict.getMessage());
            case "RESOURCE_NOT_FOUND" -> resourceNotFound(verdict.getSubject());
            case "CONFLICT" -> new ApiException(ApiError.CONFLICT, verdict.getMessage());
            case "SERVICE_QUOTA_EXCEEDED" -> new ApiException(ApiError.SERVICE_QUOTA_EXCEEDED, verdict.getMessage());
            case "TOO_MANY_TAGS" ->
                new ApiException(
                        ApiError.TOO_MANY_TAGS, "Too Many Tags: '%s' may have 50".formatted(verdict.getSubject()));
            case "ACTIVITY_ALREADY_EXISTS" ->
                new ApiException(
                        ApiError.ACTIVITY_ALREADY_EXISTS,
                        "Activity Already Exists: '%s'".formatted(verdict.getSubject()));
            case "EXECUTION_NOT_REDRIVABLE" ->
                new ApiException(ApiError.EXECUTION_NOT_REDRIVABLE, verdict.getMessage());
            case "EXECUTION_NOT_RUNNING" -> new ApiException(ApiError.CONFLICT, verdict.getMessage());
            case "EXECUTION_NOT_CLOSED", "EXECUTION_NOT_SEALED" ->
                new ApiException(
                        ApiError.VALIDATION,
                        "Execution cannot be purged: '%s': %s".formatted(verdict.getSubject(), verdict.getMessage()));
            case "SEALING_UNAVAILABLE" -> new ApiException(ApiError.UNAVAILABLE, verdict.getMessage());
            case "STATE_MACHINE_DOES_NOT_EXIST" -> stateMachineDoesNotExist(verdict.getSubject());
            default -> new ApiException(ApiError.VALIDATION, "%s: %s".formatted(refusal, verdict.getMessage()));
        };
    }

    static ApiException taskTimedOut() {
        return new ApiException(ApiError.TASK_TIMED_OUT, "Task Timed Out: 'Provided task does not exist anymore'");
    }

    public static ApiException invalidToken() {
        return new ApiException(ApiError.INVALID_TOKEN, "Invalid Token: 'Invalid token'");
    }

    static ApiException executionDoesNotExist(String arn) {
        return new ApiException(ApiError.EXECUTION_DOES_NOT_EXIST, "Execution Does Not Exist: '%s'".formatted(arn));
    }

    static ApiException stateMachineDoesNotExist(String arn) {
        return new ApiException(
                ApiError.STATE_MACHINE_DOES_NOT_EXIST, "State Machine Does Not Exist: '%s'".formatted(arn));
    }

    static ApiException invalidName(String name) {
        return new ApiException(ApiError.INVALID_NAME, "Invalid Name: '%s'".formatted(name));
    }

    static ApiException activityDoesNotExist(String arn) {
        return new ApiException(ApiError.ACTIVITY_DOES_NOT_EXIST, "Activity Does Not Exist: '%s'".formatted(arn));
    }

    static ApiException resourceNotFound(String arn) {
        return new ApiException(ApiError.RESOURCE_NOT_FOUND, "Resource not found: '%s'".formatted(arn));
    }

    /** It is an ARN, but not of what is asked for. */
    static ApiException wrongType(StatesArn arn) {
        return new ApiException(
                ApiError.INVALID_ARN,
                "Invalid Arn: 'Resource type not valid in this context: %s'"
                        .formatted(arn.resourceType().toLowerCase(Locale.ROOT)));
    }

    static ApiException invalidArn(String text) {
        return new ApiException(ApiError.INVALID_ARN, "Invalid Arn: 'Invalid ARN prefix: %s'".formatted(text));
    }
}
