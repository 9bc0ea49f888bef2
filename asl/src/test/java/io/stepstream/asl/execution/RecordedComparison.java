package io.stepstream.asl.execution;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Compares what was recorded with what happened, by the rules of the recordings: placeholders match anything, and a string field that
 * held a JSON object was recorded parsed, one level deep.
 */
final class RecordedComparison {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Pattern PLACEHOLDER = Pattern.compile("<[A-Za-z_][\\w .-]*(?::\\d+)?>");

    /** Metadata of a service's answer that change from run to run: the recorder put their names in place of their values. */
    private static final Set<String> NAMED =
            Set.of("x-amzn-RequestId", "x-amzn-requestid", "RequestId", "X-Amzn-Trace-Id", "x-amz-crc32", "Server");

    private final List<Map.Entry<String, String>> replacements = new ArrayList<>();
    private final List<String> wildcards = new ArrayList<>();

    RecordedComparison(JsonNode normalise) {
        normalise
                .path("regex")
                .forEach(pair -> replacements.add(
                        Map.entry(pair.get(0).asText(), pair.get(1).asText())));
        normalise.path("wildcardLiterals").forEach(literal -> wildcards.add(literal.asText()));
    }

    /** The first difference in words; empty if there is none. {@code nested}: inside parsed JSON, where strings are exact. */
    Optional<String> difference(JsonNode expected, JsonNode actual, String path, boolean nested) {
        if (!nested && actual.isTextual()) {
            var asJson = parsed(actual.asText());
            if (expected.isContainerNode() && asJson.isPresent()) {
                return difference(expected, asJson.get(), path, true);
            }
            if (expected.isTextual()
                    && !expected.equals(actual)
                    && expected.asText().matches("(?s)[\\[{\"].*")) {
                var expectedJson = parsed(expected.asText());
                if (expectedJson.isPresent()
                        && asJson.isPresent()
                        && difference(expectedJson.get(), asJson.get(), path, true)
                                .isEmpty()) {
                    return Optional.empty();
                }
            }
        }
        if (expected.isTextual() && NAMED.contains(expected.asText()) && path.endsWith("." + expected.asText())) {
            return actual.isMissingNode() ? Optional.of(path + ": missing") : Optional.empty();
        }
        if (expected.isTextual()) {
            return text(expected.asText(), actual, path);
        }
        if (expected.isArray()) {
            return array(expected, actual, path, nested);
        }
        if (expected.isObject()) {
            return object(expected, actual, path, nested);
        }
        if (expected.isNumber() && actual.isNumber()) {
            var close = Math.abs(expected.asDouble() - actual.asDouble())
                    < 1e-12 * Math.max(1, Math.abs(expected.asDouble()));
            return close ? Optional.empty() : differ(expected, actual, path);
        }
        return expected.equals(actual) ? Optional.empty() : differ(expected, actual, path);
    }

    private Optional<String> text(String expected, JsonNode actual, String path) {
        if (wildcards.contains(expected)) {
            return actual.isMissingNode() ? Optional.of(path + ": missing") : Optional.empty();
        }
        var holds = PLACEHOLDER.matcher(expected).find();
        if (!actual.isTextual()) {
            var anything = holds && PLACEHOLDER.matcher(expected).replaceAll("").isEmpty();
            return anything && !actual.isMissingNode()
                    ? Optional.empty()
                    : differ(TextNode.valueOf(expected), actual, path);
        }
        var normal = normalised(actual.asText());
        if (expected.equals(actual.asText()) || expected.equals(normal)) {
            return Optional.empty();
        }
        if (holds) {
            var pattern = new StringBuilder();
            var matcher = PLACEHOLDER.matcher(expected);
            int from = 0;
            while (matcher.find()) {
                pattern.append(Pattern.quote(expected.substring(from, matcher.start())))
                        .append("(?s:.*?)");
                from = matcher.end();
            }
            pattern.append(Pattern.quote(expected.substring(from)));
            if (normal.matches(pattern.toString()) || actual.asText().matches(pattern.toString())) {
                return Optional.empty();
            }
        }
        return differ(TextNode.valueOf(expected), actual, path);
    }

    private Optional<String> array(JsonNode expected, JsonNode actual, String path, boolean nested) {
        if (!actual.isArray() || actual.size() != expected.size()) {
            return differ(expected, actual, path);
        }
        for (int i = 0; i < expected.size(); i++) {
            var difference = difference(expected.get(i), actual.get(i), path + "[" + i + "]", nested);
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private Optional<String> object(JsonNode expected, JsonNode actual, String path, boolean nested) {
        if (!actual.isObject()) {
            return differ(expected, actual, path);
        }
        var fields = new LinkedHashMap<String, JsonNode>();
        actual.properties()
                .forEach(field -> fields.put(
                        expected.has(field.getKey()) ? field.getKey() : normalised(field.getKey()), field.getValue()));
        boolean open = false;
        for (var field : expected.properties()) {
            if (PLACEHOLDER.matcher(field.getKey()).find()) {
                open = true;
                continue;
            }
            var value = fields.get(field.getKey());
            if (value == null) {
                return Optional.of(path + "." + field.getKey() + ": missing");
            }
            var difference = difference(field.getValue(), value, path + "." + field.getKey(), nested);
            if (difference.isPresent()) {
                return difference;
            }
        }
        if (!open) {
            for (var name : fields.keySet()) {
                if (!expected.has(name)) {
                    return Optional.of(path + "." + name + ": unexpected");
                }
            }
        }
        return Optional.empty();
    }

    private String normalised(String text) {
        var normal = text;
        for (var replacement : replacements) {
            try {
                normal = normal.replaceAll(replacement.getKey(), Matcher.quoteReplacement(replacement.getValue()));
            } catch (PatternSyntaxException e) {
                normal = normal.replace(replacement.getKey(), replacement.getValue());
            }
        }
        return normal.replace("arn:aws:", "arn:<partition>:")
                .replace("us-east-1", "<region>")
                .replaceAll(":\\d{12}(?=:|$)", ":111111111111");
    }

    private static Optional<JsonNode> parsed(String text) {
        try {
            var tree = MAPPER.readTree(text);
            return tree == null || tree.isMissingNode() ? Optional.empty() : Optional.of(tree);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> differ(JsonNode expected, JsonNode actual, String path) {
        return Optional.of(path + ": expected " + brief(expected) + " got " + brief(actual));
    }

    private static String brief(JsonNode node) {
        var text = node.toString();
        return text.length() > 300 ? text.substring(0, 300) + "..." : text;
    }
}
