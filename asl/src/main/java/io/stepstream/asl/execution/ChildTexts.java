package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.Document;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** What AWS's Step Functions answers to a state machine that starts another: responses, descriptions and error texts. */
final class ChildTexts {
    private ChildTexts() {}

    /** The response to StartExecution; what no service has said here is made up from the step's own randomness. */
    static Document response(String executionArn, Instant startDate, Instant now, RandomGenerator random) {
        var requestId = requestId(random);
        var headers = new LinkedHashMap<String, String>();
        headers.put("x-amzn-RequestId", requestId);
        headers.put("connection", "keep-alive");
        headers.put("Content-Length", String.valueOf(wireBytes(executionArn, startDate)));
        headers.put("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC)));
        headers.put("Content-Type", "application/x-amz-json-1.0");
        var response = JsonNodeFactory.instance.objectNode();
        response.put("ExecutionArn", executionArn);
        var http = response.putObject("SdkHttpMetadata");
        var all = http.putObject("AllHttpHeaders");
        headers.forEach((name, value) -> all.putArray(name).add(value));
        var plain = http.putObject("HttpHeaders");
        headers.forEach(plain::put);
        http.put("HttpStatusCode", 200);
        response.putObject("SdkResponseMetadata").put("RequestId", requestId);
        response.put("StartDate", startDate.toEpochMilli());
        return Document.of(response);
    }

    /** The response's length on AWS's wire, where a time is seconds with milliseconds in scientific notation. */
    private static int wireBytes(String executionArn, Instant startDate) {
        var seconds = BigDecimal.valueOf(startDate.toEpochMilli(), 3);
        var digits = seconds.unscaledValue().toString();
        var body = "{\"executionArn\":\"" + executionArn + "\",\"startDate\":" + digits.charAt(0) + "."
                + digits.substring(1) + "E" + (digits.length() - 4) + "}";
        return body.getBytes(StandardCharsets.UTF_8).length;
    }

    /** An ended execution as {@code .sync} shows it: input and output as text. */
    static Document description(ChildReport.Ended ended) {
        var described = described(ended, data -> JsonNodeFactory.instance.textNode(data.text()));
        var status = ended.outcome().status();
        described.put("RedriveCount", 0);
        switch (status) {
            case SUCCEEDED ->
                described
                        .put("RedriveStatus", "NOT_REDRIVABLE")
                        .put("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven");
            case FAILED, TIMED_OUT, ABORTED -> described.put("RedriveStatus", "REDRIVABLE");
            case RUNNING -> throw new IllegalStateException("an execution that has ended does not run");
        }
        return sorted(described);
    }

    /** An ended execution as {@code .sync:2} shows it: input and output as JSON. */
    static Document descriptionAsJson(ChildReport.Ended ended) {
        return sorted(described(ended, Document::tree));
    }

    /** An ended execution as a distributed Map's results have it: as {@code .sync} shows it, with times that people can read. */
    static Document exportedDescription(ChildReport.Ended ended) {
        var described = described(ended, data -> JsonNodeFactory.instance.textNode(data.text()));
        described.put("StartDate", Scope.TIME.format(ended.startDate()));
        described.put("StopDate", Scope.TIME.format(ended.stopDate()));
        return sorted(described);
    }

    private static ObjectNode described(
            ChildReport.Ended ended, Function<Document, com.fasterxml.jackson.databind.JsonNode> form) {
        var described = JsonNodeFactory.instance.objectNode();
        described.put("ExecutionArn", ended.executionArn());
        ended.input().ifPresent(input -> {
            described.set("Input", form.apply(input));
            described.putObject("InputDetails").put("Included", true);
        });
        described.put("Name", ended.name());
        switch (ended.outcome()) {
            case Outcome.Succeeded(var output) -> {
                described.set("Output", form.apply(output));
                described.putObject("OutputDetails").put("Included", true);
            }
            case Outcome.Failed(var error, var cause) -> putFailure(described, error, cause);
            case Outcome.Aborted(var error, var cause) -> putFailure(described, error, cause);
            case Outcome.TimedOut() -> {}
        }
        described.put("StartDate", ended.startDate().toEpochMilli());
        described.put("StateMachineArn", ended.stateMachineArn());
        described.put("Status", ended.outcome().status().name());
        described.put("StopDate", ended.stopDate().toEpochMilli());
        return described;
    }

    private static void putFailure(ObjectNode described, Optional<String> error, Optional<String> cause) {
        error.ifPresent(text -> described.put("Error", text));
        cause.ifPresent(text -> described.put("Cause", text));
    }

    /** AWS writes the fields in the order of the alphabet. */
    private static Document sorted(ObjectNode described) {
        var sorted = JsonNodeFactory.instance.objectNode();
        described
                .propertyStream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(field -> sorted.set(field.getKey(), field.getValue()));
        return Document.of(sorted);
    }

    /**
     * A refusal as the integration reports it.
     *
     * @param code AWS's name of the error, without {@code Exception}
     */
    static Failure refusal(String code, String message, RandomGenerator random) {
        return Failure.of(
                "StepFunctions." + code + "Exception",
                message + " (Service: AWSStepFunctions; Status Code: 400; Error Code: " + code + "; Request ID: "
                        + requestId(random) + "; Proxy: null)");
    }

    static Failure refusal(ChildReport.Refused refused, RandomGenerator random) {
        return switch (refused.reason()) {
            case STATE_MACHINE_DOES_NOT_EXIST ->
                refusal(
                        "StateMachineDoesNotExist",
                        "State Machine Does Not Exist: '" + refused.subject() + "'",
                        random);
            case EXECUTION_ALREADY_EXISTS ->
                refusal("ExecutionAlreadyExists", "Execution Already Exists: '" + refused.subject() + "'", random);
            case EXECUTION_NOT_REDRIVABLE ->
                refusal("ExecutionNotRedrivable", "Execution cannot be redriven: '" + refused.subject() + "'", random);
            case SEALING_UNAVAILABLE ->
                refusal(
                        "SealingUnavailable",
                        "Executions of '" + refused.subject() + "' are sealed, and the engine has no master key",
                        random);
        };
    }

    private static String requestId(RandomGenerator random) {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }
}
