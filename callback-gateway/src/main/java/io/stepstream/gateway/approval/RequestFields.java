package io.stepstream.gateway.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What of a task's input an approver is shown: everything but task tokens and links, without the layers that hold only one thing. */
final class RequestFields {

    /** Long enough to be a token or a link; whether it is one, its signature says. */
    private static final Pattern CANDIDATE = Pattern.compile("[A-Za-z0-9_-]{60,}");

    private static final String MASK = "***";

    /** Deeper than this a value is shown as JSON text: nobody reads a list nested so far. */
    private static final int DEPTH = 6;

    private final Predicate<String> secret;

    /** @param secret whether a text is a task token or an approval link */
    RequestFields(Predicate<String> secret) {
        this.secret = secret;
    }

    /** The part of an input that tells the approver something. */
    JsonNode of(JsonNode input) {
        var shown = masked(input);
        while (shown instanceof ObjectNode object
                && object.size() == 1
                && onlyValue(object) instanceof ObjectNode inner) {
            shown = inner;
        }
        return shown;
    }

    private static JsonNode onlyValue(ObjectNode object) {
        return object.elements().next();
    }

    private JsonNode masked(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                var copy = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(field -> {
                    if (!(field.getValue().isTextual()
                            && isSecret(field.getValue().textValue()))) {
                        copy.set(maskedText(field.getKey()), masked(field.getValue()));
                    }
                });
                yield copy;
            }
            case ArrayNode array -> {
                var copy = JsonNodeFactory.instance.arrayNode();
                array.forEach(element -> copy.add(masked(element)));
                yield copy;
            }
            default -> node.isTextual() ? JsonNodeFactory.instance.textNode(maskedText(node.textValue())) : node;
        };
    }

    private String maskedText(String text) {
        return CANDIDATE.matcher(text).replaceAll(match -> mask(match));
    }

    /** The read side has masked those of this execution already. */
    private boolean isSecret(String text) {
        return text.equals(MASK) || secret.test(text);
    }

    private String mask(MatchResult match) {
        return secret.test(match.group()) ? MASK : match.group();
    }

    /** The value as HTML: objects as definition lists, arrays as lists. */
    static String html(JsonNode value) {
        return html(value, 0);
    }

    private static String html(JsonNode value, int depth) {
        if (depth >= DEPTH && value.isContainerNode()) {
            return "<code>" + Html.escape(value.toString()) + "</code>";
        }
        return switch (value) {
            case ObjectNode object when object.isEmpty() -> none();
            case ArrayNode array when array.isEmpty() -> none();
            case ObjectNode object -> {
                var out = new StringBuilder("<dl>");
                object.properties()
                        .forEach(field -> out.append("<div><dt>")
                                .append(Html.escape(label(field.getKey())))
                                .append("</dt><dd>")
                                .append(html(field.getValue(), depth + 1))
                                .append("</dd></div>"));
                yield out.append("</dl>").toString();
            }
            case ArrayNode array -> {
                var out = new StringBuilder("<ul>");
                array.forEach(element ->
                        out.append("<li>").append(html(element, depth + 1)).append("</li>"));
                yield out.append("</ul>").toString();
            }
            default -> scalar(value);
        };
    }

    private static String scalar(JsonNode value) {
        if (value.isNull() || (value.isTextual() && value.textValue().isBlank())) {
            return none();
        }
        if (value.isBoolean()) {
            return value.booleanValue() ? "yes" : "no";
        }
        return Html.escape(value.isTextual() ? value.textValue() : value.toString());
    }

    private static String none() {
        return "<span class=\"none\">none</span>";
    }

    /** A field's name as people write: {@code orderTotal_EUR} is "Order total EUR". */
    static String label(String key) {
        var words = key.replaceAll("[_\\-.]+", " ")
                .replaceAll("(?<=[\\p{Ll}\\p{Nd}])(?=\\p{Lu})", " ")
                .strip()
                .split("\\s+");
        var out = new StringBuilder();
        for (var word : words) {
            var acronym = word.length() > 1 && word.equals(word.toUpperCase(Locale.ROOT));
            out.append(out.isEmpty() ? "" : " ").append(acronym ? word : word.toLowerCase(Locale.ROOT));
        }
        if (out.isEmpty()) {
            return key;
        }
        var first = out.codePointAt(0);
        return new StringBuilder()
                .appendCodePoint(Character.toUpperCase(first))
                .append(out, Character.charCount(first), out.length())
                .toString();
    }
}
