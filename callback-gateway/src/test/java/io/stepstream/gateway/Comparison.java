package io.stepstream.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Compares an answer with a recorded one, by the rules that the recordings' description gives. */
final class Comparison {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLACEHOLDER = Pattern.compile("<[A-Za-z_][\\w .-]*(?::\\d+)?>");

    private final Set<String> wildcards;
    private final List<Rule> rules = new ArrayList<>();

    private record Rule(Pattern pattern, String replacement) {}

    /** How deep in what was JSON text before the recorder parsed it, one level of it. */
    private enum Form {
        API_FIELD,
        PARSED
    }

    Comparison(JsonNode normalise) {
        wildcards = StreamSupport.stream(normalise.path("wildcardLiterals").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toCollection(HashSet::new));
        for (var rule : normalise.path("regex")) {
            rules.add(new Rule(pattern(rule.get(0).asText()), rule.get(1).asText()));
        }
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            return Pattern.compile(Pattern.quote(text));
        }
    }

    /** The first difference; empty if there is none. */
    Optional<String> difference(JsonNode expected, JsonNode actual) {
        return difference(expected, actual, "$", Form.API_FIELD);
    }

    private Optional<String> difference(JsonNode expected, JsonNode actual, String path, Form form) {
        if (form == Form.API_FIELD && actual.isTextual() && expected.isContainerNode()) {
            var parsed = parsed(actual.textValue());
            if (parsed.isPresent()) {
                return difference(expected, parsed.get(), path, Form.PARSED);
            }
        }
        if (expected.isTextual()) {
            return text(expected.textValue(), actual, path);
        }
        if (expected.isNumber() && actual.isNumber()) {
            return differs(expected.doubleValue() != actual.doubleValue(), expected, actual, path);
        }
        if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (var i = 0; i < expected.size(); i++) {
                var found = difference(expected.get(i), actual.get(i), path + "[" + i + "]", form);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        }
        if (expected.isObject() && actual.isObject()) {
            return members(expected, actual, path, form);
        }
        return differs(!expected.equals(actual), expected, actual, path);
    }

    private Optional<String> members(JsonNode expected, JsonNode actual, String path, Form form) {
        for (var member : expected.properties()) {
            if (!actual.has(member.getKey())) {
                return Optional.of(path + "." + member.getKey() + " is missing");
            }
            var found = difference(
                    member.getValue(), actual.get(member.getKey()), path + "." + member.getKey(), form);
            if (found.isPresent()) {
                return found;
            }
        }
        return actual.propertyStream()
                .filter(member -> !expected.has(member.getKey()))
                .map(member -> path + "." + member.getKey() + " is not expected")
                .findFirst();
    }

    private Optional<String> text(String expected, JsonNode actual, String path) {
        if (wildcards.contains(expected)) {
            return Optional.empty();
        }
        var whole = PLACEHOLDER.matcher(expected).replaceAll("").isEmpty();
        if (!actual.isTextual()) {
            return differs(!whole, JSON.getNodeFactory().textNode(expected), actual, path);
        }
        var prepared = prepared(actual.textValue());
        if (expected.equals(actual.textValue()) || expected.equals(prepared)) {
            return Optional.empty();
        }
        if (expected.startsWith("[") || expected.startsWith("\"")) {
            var one = parsed(expected);
            var other = parsed(actual.textValue());
            if (one.isPresent() && one.equals(other)) {
                return Optional.empty();
            }
        }
        var pattern = Arrays.stream(PLACEHOLDER.split(expected, -1))
                .map(Pattern::quote)
                .collect(Collectors.joining("[\\s\\S]*?"));
        var matches = PLACEHOLDER.matcher(expected).find() && prepared.matches(pattern);
        return differs(!matches, JSON.getNodeFactory().textNode(expected), actual, path);
    }

    private String prepared(String text) {
        var prepared = text;
        for (var rule : rules) {
            prepared = rule.pattern().matcher(prepared).replaceAll(Matcher.quoteReplacement(rule.replacement()));
        }
        return prepared.replaceAll("/aws/vendedlogs/states/lg-[0-9a-f]{8}", "log_group_name")
                .replace("arn:aws:", "arn:<partition>:")
                .replace("us-east-1", "<region>");
    }

    private static Optional<JsonNode> parsed(String text) {
        try {
            return Optional.ofNullable(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> differs(boolean differs, JsonNode expected, JsonNode actual, String path) {
        return differs
                ? Optional.of("%s: expected %s, got %s".formatted(path, shortened(expected), shortened(actual)))
                : Optional.empty();
    }

    private static String shortened(JsonNode value) {
        var text = value.toString();
        return text.length() > 300 ? text.substring(0, 300) + "..." : text;
    }
}
