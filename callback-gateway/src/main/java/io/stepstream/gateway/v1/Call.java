package io.stepstream.gateway.v1;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.ServerRequest;
import io.stepstream.gateway.auth.Principal;
import io.stepstream.gateway.engine.Sender;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Bodies;
import io.stepstream.gateway.http.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A call of the native API by somebody who may make it: reads what it needs, and says what is wrong with it. */
record Call(ServerRequest request, Principal principal) {

    private static final int KEY_CHARACTERS = 128;

    Sender sender() throws ApiException {
        var key = Bodies.header(request, "Idempotency-Key");
        if (key.length() > KEY_CHARACTERS) {
            throw new ApiException(
                    ApiError.VALIDATION,
                    "The header Idempotency-Key may have at most %d characters".formatted(KEY_CHARACTERS));
        }
        return new Sender(
                "http",
                principal.name(),
                Bodies.address(request),
                Optional.of(key).filter(text -> !text.isEmpty()));
    }

    String parameter(String name) {
        return request.path().pathParameters().get(name);
    }

    /** The body's JSON object. */
    ObjectNode body() throws ApiException {
        return Json.parseObject(text());
    }

    /** The body's JSON object, empty if there is no body. */
    ObjectNode optionalBody() throws ApiException {
        var text = text();
        return text.isBlank() ? Json.object() : Json.parseObject(text);
    }

    String text() throws ApiException {
        return Bodies.text(request, Bodies.BODY_BYTES);
    }

    Optional<String> query(String name) {
        return request.query().first(name).asOptional();
    }

    /** Refuses a parameter that there is not: what is misspelt must not be passed over in silence. */
    void onlyQueries(List<String> names) throws ApiException {
        var unknown = request.query().names().stream()
                .filter(name -> !names.contains(name))
                .findFirst();
        if (unknown.isPresent()) {
            throw new ApiException(
                    ApiError.VALIDATION, "There is no parameter '%s', but %s".formatted(unknown.get(), names));
        }
    }

    boolean flag(String name) throws ApiException {
        return switch (query(name).orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ApiException(ApiError.VALIDATION, "'%s' must be true or false".formatted(name));
        };
    }

    long number(String name, long absent, long least, long most) throws ApiException {
        return number(name, query(name), absent, least, most);
    }

    static long number(String name, Optional<String> text, long absent, long least, long most) throws ApiException {
        if (text.isEmpty()) {
            return absent;
        }
        if (text.get().matches("-?[0-9]{1,18}")) {
            var number = Long.parseLong(text.get());
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new ApiException(
                ApiError.VALIDATION, "'%s' must be a whole number from %d to %d".formatted(name, least, most));
    }

    static Optional<String> text(ObjectNode body, String member) throws ApiException {
        var value = body.get(member);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw new ApiException(ApiError.VALIDATION, "'%s' must be a string".formatted(member));
        }
        return Optional.of(value.textValue());
    }

    static String required(ObjectNode body, String member) throws ApiException {
        return text(body, member)
                .orElseThrow(() -> new ApiException(ApiError.VALIDATION, "'%s' is missing".formatted(member)));
    }

    /** Turns a date in epoch milliseconds, as the read side gives it, into text. */
    static void toText(ObjectNode object, String member) {
        if (object.hasNonNull(member)) {
            object.put(
                    member, Instant.ofEpochMilli(object.get(member).longValue()).toString());
        }
    }
}
