package io.stepstream.gateway.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The members of an operation's input, checked as AWS checks them, with AWS's words. */
record AwsParameters(ObjectNode members) {

    static final String MUST_NOT_BE_NULL = "Member must not be null";
    private static final int LONG_VALUE = 256;

    /** A string that must be there, of 1 to {@code most} characters. */
    String required(String name, int most) throws ApiException {
        return optional(name, 1, most).orElseThrow(() -> constraint(Optional.empty(), name, MUST_NOT_BE_NULL));
    }

    /** A string that must be there; its size is checked elsewhere. */
    String required(String name) throws ApiException {
        return string(name).orElseThrow(() -> constraint(Optional.empty(), name, MUST_NOT_BE_NULL));
    }

    /** A string of {@code least} to {@code most} characters, or nothing. */
    Optional<String> optional(String name, int least, int most) throws ApiException {
        var value = string(name);
        var length = value.map(text -> text.codePointCount(0, text.length())).orElse(least);
        if (length < least) {
            throw constraint(value, name, "Member must have length greater than or equal to " + least);
        }
        if (length > most) {
            throw constraint(value, name, "Member must have length less than or equal to " + most);
        }
        return value;
    }

    /** A string, or nothing. */
    Optional<String> string(String name) throws ApiException {
        var member = member(name);
        if (member.isPresent() && !member.get().isTextual()) {
            throw wrongType(name, "string", member.get());
        }
        return member.map(JsonNode::textValue);
    }

    /** A whole number from 0 to {@code most}, or 0. */
    int number(String name, int most) throws ApiException {
        var member = member(name);
        if (member.isEmpty()) {
            return 0;
        }
        var value = member.get();
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrongType(name, "integer", value);
        }
        if (value.intValue() > most) {
            throw constraint(Optional.of(value.asText()), name, "Member must have value less than or equal to " + most);
        }
        if (value.intValue() < 0) {
            throw constraint(Optional.of(value.asText()), name, "Member must have value greater than or equal to 0");
        }
        return value.intValue();
    }

    /** A whole number from 0 to {@code most} that must be there. */
    int requiredNumber(String name, int most) throws ApiException {
        if (member(name).isEmpty()) {
            throw missing(name);
        }
        return number(name, most);
    }

    /** A whole number from 0 to {@code most}, or nothing. */
    Optional<Integer> optionalNumber(String name, int most) throws ApiException {
        return member(name).isEmpty() ? Optional.empty() : Optional.of(number(name, most));
    }

    /** A number from 0 to 100, or nothing. */
    Optional<Double> percentage(String name) throws ApiException {
        var member = member(name);
        if (member.isPresent() && !member.get().isNumber()) {
            throw wrongType(name, "float", member.get());
        }
        if (member.isPresent()
                && (member.get().doubleValue() < 0 || member.get().doubleValue() > 100)) {
            throw constraint(
                    Optional.of(member.get().asText()), name, "Member must have value between 0 and 100, inclusive");
        }
        return member.map(JsonNode::doubleValue);
    }

    /** One of some words, or nothing. */
    Optional<String> oneOf(String name, List<String> words) throws ApiException {
        var value = string(name);
        if (value.isPresent() && !words.contains(value.get())) {
            throw constraint(Optional.of(value.get()), name, "Member must satisfy enum value set: " + words);
        }
        return value;
    }

    /** A structure's members, or nothing. */
    Optional<AwsParameters> structure(String name) throws ApiException {
        var member = member(name);
        if (member.isPresent() && !member.get().isObject()) {
            throw wrongType(name, "structure", member.get());
        }
        return member.map(value -> new AwsParameters((ObjectNode) value));
    }

    /** The structures of a list; none if it is not there. */
    List<AwsParameters> structures(String name) throws ApiException {
        var structures = new ArrayList<AwsParameters>();
        for (var item : list(name)) {
            if (!(item instanceof ObjectNode structure)) {
                throw wrongType(name, "list of structures", item);
            }
            structures.add(new AwsParameters(structure));
        }
        return structures;
    }

    /** The strings of a list that must be there, each of 1 to {@code most} characters. */
    List<String> strings(String name, int most) throws ApiException {
        if (member(name).isEmpty()) {
            throw missing(name);
        }
        var strings = new ArrayList<String>();
        for (var item : list(name)) {
            if (!item.isTextual()
                    || item.textValue().isEmpty()
                    || item.textValue().length() > most) {
                throw constraint(Optional.of(item.asText()), name, "Member must have length from 1 to " + most);
            }
            strings.add(item.textValue());
        }
        return strings;
    }

    private JsonNode list(String name) throws ApiException {
        var member = member(name);
        if (member.isPresent() && !member.get().isArray()) {
            throw wrongType(name, "list", member.get());
        }
        return member.orElseGet(Json::object);
    }

    /** The error that a member is not there. */
    ApiException missing(String name) {
        return constraint(Optional.empty(), name, MUST_NOT_BE_NULL);
    }

    /** A truth value, or what holds without it. */
    boolean flag(String name, boolean absent) throws ApiException {
        var member = member(name);
        if (member.isPresent() && !member.get().isBoolean()) {
            throw wrongType(name, "boolean", member.get());
        }
        return member.map(JsonNode::booleanValue).orElse(absent);
    }

    /** Refuses a member that asks for what is not done here, rather than pass over it in silence. */
    void refuse(String name, String why) throws ApiException {
        var value = member(name);
        if (value.isPresent() && !value.get().equals(com.fasterxml.jackson.databind.node.BooleanNode.FALSE)) {
            throw new ApiException(ApiError.VALIDATION, "'%s' is not supported: %s".formatted(name, why));
        }
    }

    private Optional<JsonNode> member(String name) {
        return Optional.ofNullable(members.get(name)).filter(value -> !value.isNull());
    }

    private static ApiException wrongType(String name, String type, JsonNode value) {
        return new ApiException(
                ApiError.MALFORMED,
                "Member '%s' must be a %s; it is a %s"
                        .formatted(name, type, value.getNodeType().name().toLowerCase(java.util.Locale.ROOT)));
    }

    private static ApiException constraint(Optional<String> value, String name, String constraint) {
        return new ApiException(
                ApiError.VALIDATION, "1 validation error detected: " + violation(value, name, constraint));
    }

    /** AWS's words for a value, none if it is absent, that is not as it must be. */
    static String violation(Optional<String> value, String name, String constraint) {
        return "Value %s at '%s' failed to satisfy constraint: %s"
                .formatted(value.map(AwsParameters::quoted).orElse("null"), name, constraint);
    }

    /** A token must not come back in an error, and nobody reads a thousand characters of it. */
    private static String quoted(String value) {
        return value.length() > LONG_VALUE ? "of %d characters".formatted(value.length()) : "'" + value + "'";
    }
}
