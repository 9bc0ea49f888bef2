package io.stepstream.asl.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.rehearsal.StateTestRequest.FieldValidation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the services' APIs say of their results, as far as it is known here: of the integrations that this project has workers or
 * tasks for, and of fields that tests often get wrong. A field that is not listed is not looked at.
 */
final class ResultShapes {

    /** What a value must be. */
    private sealed interface Shape {
        record Text(int least, List<String> words) implements Shape {}

        record Number(Optional<Long> least, Optional<Long> most) implements Shape {}

        record Array(Shape item) implements Shape {}

        record Structure(Map<String, Shape> fields, List<String> required) implements Shape {}
    }

    private static final Shape TEXT = new Shape.Text(0, List.of());
    private static final Shape NUMBER = new Shape.Number(Optional.empty(), Optional.empty());

    private static final Map<String, Shape> BY_RESOURCE = Map.of(
            "states:startExecution",
                    structure(Map.of("ExecutionArn", TEXT, "StartDate", TEXT), "ExecutionArn", "StartDate"),
            "events:putEvents",
                    structure(Map.of(
                            "FailedEntryCount", NUMBER,
                            "Entries",
                                    new Shape.Array(structure(
                                            Map.of("EventId", TEXT, "ErrorCode", TEXT, "ErrorMessage", TEXT))))),
            "sqs:sendMessage",
                    structure(Map.of(
                            "MD5OfMessageBody", TEXT,
                            "MD5OfMessageAttributes", TEXT,
                            "MD5OfMessageSystemAttributes", TEXT,
                            "MessageId", TEXT,
                            "SequenceNumber", TEXT)),
            "sns:publish", structure(Map.of("MessageId", TEXT, "SequenceNumber", TEXT)),
            "lambda:invoke",
                    structure(Map.of("StatusCode", NUMBER, "FunctionError", TEXT, "ExecutedVersion", TEXT)),
            "dynamodb:putItem",
                    structure(Map.of(
                            "ConsumedCapacity",
                            structure(Map.of(
                                    "TableName", TEXT,
                                    "CapacityUnits", NUMBER,
                                    "ReadCapacityUnits", NUMBER,
                                    "WriteCapacityUnits", NUMBER)))),
            "aws-sdk:kms:encrypt",
                    structure(Map.of(
                            "CiphertextBlob", new Shape.Text(1, List.of()),
                            "KeyId", new Shape.Text(1, List.of()))),
            "aws-sdk:lambda:getFunction",
                    structure(Map.of(
                            "Configuration",
                            structure(Map.of(
                                    "FunctionName", TEXT,
                                    "MemorySize", new Shape.Number(Optional.of(128L), Optional.of(10_240L)),
                                    "Timeout", new Shape.Number(Optional.of(1L), Optional.empty()))))),
            "aws-sdk:s3:getObject",
                    structure(Map.of(
                            "ContentLength", NUMBER,
                            "ContentType", TEXT,
                            "ETag", TEXT,
                            "StorageClass",
                                    new Shape.Text(
                                            0,
                                            List.of(
                                                    "STANDARD",
                                                    "REDUCED_REDUNDANCY",
                                                    "STANDARD_IA",
                                                    "ONEZONE_IA",
                                                    "INTELLIGENT_TIERING",
                                                    "GLACIER",
                                                    "DEEP_ARCHIVE",
                                                    "OUTPOSTS",
                                                    "GLACIER_IR",
                                                    "SNOW",
                                                    "EXPRESS_ONEZONE",
                                                    "FSX_OPENZFS",
                                                    "FSX_ONTAP")))));

    private ResultShapes() {}

    private static Shape structure(Map<String, Shape> fields, String... required) {
        return new Shape.Structure(fields, List.of(required));
    }

    /** Refuses a mocked result that the service could not give. */
    static void check(String resource, JsonNode result, FieldValidation mode) {
        if (mode == FieldValidation.NONE) {
            return;
        }
        // With a pattern the result is of another API than the one named, or whatever somebody sends.
        var shape = Optional.ofNullable(BY_RESOURCE.get(resource.replaceFirst("^arn:[^:]*:states:::", "")));
        shape.ifPresent(known -> check("", known, result, mode));
    }

    private static void check(String field, Shape shape, JsonNode value, FieldValidation mode) {
        switch (shape) {
            case Shape.Text(var least, var words) -> text(field, least, words, value);
            case Shape.Number(var least, var most) -> number(field, least, most, value);
            case Shape.Array(var item) -> {
                if (!value.isArray()) {
                    throw wrong("Field '" + field + "' must be an array");
                }
                value.forEach(each -> check(field, item, each, mode));
            }
            case Shape.Structure structure -> structure(field, structure, value, mode);
        }
    }

    private static void text(String field, int least, List<String> words, JsonNode value) {
        if (!value.isTextual()) {
            throw wrong("Field '" + field + "' must be a string");
        }
        if (value.textValue().length() < least) {
            throw wrong("Field '" + field + "' is smaller than the minimum length");
        }
        if (!words.isEmpty() && !words.contains(value.textValue())) {
            throw wrong("Field '" + field + "' is not an expected value");
        }
    }

    private static void number(String field, Optional<Long> least, Optional<Long> most, JsonNode value) {
        if (!value.isNumber()) {
            throw wrong("Field '" + field + "' must be a number");
        }
        if (least.filter(bound -> value.doubleValue() < bound).isPresent()) {
            throw wrong("Field '" + field + "' is less than the minimum value");
        }
        if (most.filter(bound -> value.doubleValue() > bound).isPresent()) {
            throw wrong("Field '" + field + "' exceeds the maximum value");
        }
    }

    private static void structure(String field, Shape.Structure structure, JsonNode value, FieldValidation mode) {
        if (!value.isObject()) {
            throw wrong("Field '" + field + "' must be an object");
        }
        if (mode == FieldValidation.STRICT) {
            for (var required : structure.required()) {
                if (!value.has(required)) {
                    throw wrong("Required field '" + required + "' is missing");
                }
            }
        }
        structure.fields().forEach((name, shape) -> {
            if (value.hasNonNull(name)) {
                check(name, shape, value.get(name), mode);
            }
        });
    }

    private static TestRefused wrong(String what) {
        return TestRefused.validation("Mock result schema validation error: " + what);
    }
}
