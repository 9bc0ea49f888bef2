package io.stepstream.gateway.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The members of an operation's input, checked as AWS checks them, with AWS's words. */
record AwsParameters(ObjectNode members) {

    /** A string that must be there, of 1 to {@code most} characters. */
    String required(String name, int most) throws ApiException {
        return optional(name, 1, most).orElseThrow(() -> constraint("null", name, "Member must not be null"));
    }

    /** A string that must be there; its size is checked elsewhere. */
    String required(String name) throws ApiException {
        return string(name).orElseThrow(() -> constraint("null", name, "Member must not be null"));
    }

    /** A string of {@code least} to {@code most} characters, or nothing. */
    Optional<String> optional(String name, int least, int most) throws ApiException {
        var value = string(name);
        var length = value.map(text -> text.codePointCount(0, text.length())).orElse(least);
        if (length < least) {
            throw constraint(
                    quoted(value.orElse("")), name, "Member must have length greater than or equal to " + least);
        }
        if (length > most) {
            throw constraint(quoted(value.orElse("")), name, "Member must have length less than or equal to " + most);
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
            throw constraint(quoted(value.asText()), name, "Member must have value less than or equal to " + most);
        }
        if (value.intValue() < 0) {
            throw constraint(quoted(value.asText()), name, "Member must have value greater than or equal to 0");
        }
        return value.intValue();
    }

    /** A truth value, or what holds without it. */
    boolean flag(String name, boolean absent) throws ApiException {
        var member = member(name);
        if (member.isPresent() && !member.get().isBoolean()) {
            throw wrongType(name, "boolean", member.get());
        }
        return member.map(JsonNode::booleanValue).orElse(absent);
    }

    /** The value of a tag, among those of the member {@code tags}. */
    Optional<String> tag(String key) throws ApiException {
        var tags = member("tags");
        if (tags.isPresent() && !tags.get().isArray()) {
            throw wrongType("tags", "list", tags.get());
        }
        return tags.stream()
                .flatMap(list -> StreamSupport.stream(list.spliterator(), false))
                .filter(tag -> tag.path("key").asText().equals(key))
                .map(tag -> tag.path("value").asText())
                .findFirst();
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

    private static ApiException constraint(String value, String name, String constraint) {
        return new ApiException(
                ApiError.VALIDATION,
                "1 validation error detected: Value %s at '%s' failed to satisfy constraint: %s"
                        .formatted(value, name, constraint));
    }

    /** A token must not come back in an error, and nobody reads a thousand characters of it. */
    private static String quoted(String value) {
        return value.length() > 100 ? "of %d characters".formatted(value.length()) : "'" + value + "'";
    }
}
