package io.stepstream.integrations.items.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The fields of a JSON object in a request, each asked for by its name and kind. A field that is JSON null is not there. */
public final class Fields {

    private final JsonNode object;
    private final String path;

    private Fields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** A field is not what it must be; the message names it. */
    public static final class Invalid extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        Invalid(String message) {
            super(message);
        }
    }

    /** The fields of a whole request. */
    public static Fields of(JsonNode request) throws Invalid {
        if (!request.isObject()) {
            throw new Invalid("the request must be a JSON object, not " + request.getNodeType());
        }
        return new Fields(request, "");
    }

    /** The fields of an object in this one; none if it is not there. */
    public Fields object(String name) throws Invalid {
        JsonNode value = object.path(name);
        if (!isThere(value)) {
            return new Fields(JsonNodeFactory.instance.objectNode(), path + name + ".");
        }
        if (!value.isObject()) {
            throw mustBe(name, "an object", value);
        }
        return new Fields(value, path + name + ".");
    }

    public String text(String name) throws Invalid {
        return optionalText(name).orElseThrow(() -> missing(name, "a string"));
    }

    public Optional<String> optionalText(String name) throws Invalid {
        JsonNode value = object.path(name);
        if (!isThere(value)) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw mustBe(name, "a string", value);
        }
        return Optional.of(value.textValue());
    }

    /** One of an enum's names. */
    public <E extends Enum<E>> Optional<E> choice(String name, Class<E> choices) throws Invalid {
        Optional<String> text = optionalText(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        for (E choice : choices.getEnumConstants()) {
            if (choice.name().equals(text.get())) {
                return Optional.of(choice);
            }
        }
        throw mustBe(name, "one of " + List.of(choices.getEnumConstants()), object.path(name));
    }

    public OptionalLong optionalWhole(String name) throws Invalid {
        JsonNode value = object.path(name);
        if (!isThere(value)) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw mustBe(name, "a whole number", value);
        }
        return OptionalLong.of(value.longValue());
    }

    /** A whole number from 1 up to a bound. */
    public int positive(String name, int most) throws Invalid {
        long value = optionalWhole(name).orElseThrow(() -> missing(name, "a whole number"));
        if (value < 1 || value > most) {
            throw mustBe(name, "a whole number from 1 to " + most, object.path(name));
        }
        return (int) value;
    }

    public Optional<List<String>> optionalTexts(String name) throws Invalid {
        JsonNode value = object.path(name);
        if (!isThere(value)) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : value) {
            texts.add(element.isTextual() ? element.textValue() : "");
        }
        if (!value.isArray() || texts.isEmpty() || !value.valueStream().allMatch(JsonNode::isTextual)) {
            throw mustBe(name, "an array of strings, at least one", value);
        }
        return Optional.of(texts);
    }

    public Optional<JsonNode> optional(String name) {
        JsonNode value = object.path(name);
        return isThere(value) ? Optional.of(value) : Optional.empty();
    }

    /** Says that a field must be something else. */
    public Invalid mustBe(String name, String form, JsonNode value) {
        String text = value.toString();
        return new Invalid("field " + path + name + " must be " + form + ", not "
                + (text.length() > 100 ? text.substring(0, 100) + "…" : text));
    }

    public Invalid missing(String name, String form) {
        return new Invalid("field " + path + name + " is missing; it must be " + form);
    }

    private static boolean isThere(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }
}
