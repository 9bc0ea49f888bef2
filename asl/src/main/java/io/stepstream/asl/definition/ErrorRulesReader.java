package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.FieldRule.Shape;
import io.stepstream.asl.definition.Retrier.Jitter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the Retry and Catch lists of a state. */
final class ErrorRulesReader {

    private static final Set<String> RETRIER_FIELDS = Set.of(
            "ErrorEquals",
            "IntervalSeconds",
            "MaxAttempts",
            "BackoffRate",
            "MaxDelaySeconds",
            "JitterStrategy",
            "Comment");
    private static final long MOST_SECONDS = 99_999_999;
    private static final long MOST_DELAY = 31_622_400;

    private final Findings findings;

    ErrorRulesReader(Findings findings) {
        this.findings = findings;
    }

    List<Retrier> retriers(ObjectNode state, String path) {
        var retriers = new ArrayList<Retrier>();
        var entries = entries(state, "Retry", path, RETRIER_FIELDS);
        for (var entry : entries) {
            var fields = new FieldReader(entry.object, entry.path, findings);
            integerIn(entry, "IntervalSeconds", 1, MOST_SECONDS);
            integerIn(entry, "MaxAttempts", 0, MOST_SECONDS);
            integerIn(entry, "MaxDelaySeconds", 1, MOST_DELAY);
            errorEquals(entry, entries.size()).ifPresent(errors -> {
                var delay = fields.integer("MaxDelaySeconds");
                retriers.add(new Retrier(
                        errors,
                        fields.integer("IntervalSeconds").orElse(1),
                        (int) fields.integer("MaxAttempts").orElse(3),
                        backoffRate(entry),
                        delay.isPresent() ? Optional.of(delay.getAsLong()) : Optional.empty(),
                        jitter(entry)));
            });
        }
        return retriers;
    }

    List<Catcher> catchers(ObjectNode state, String path, StateLanguage language) {
        var catchers = new ArrayList<Catcher>();
        var allowed = new HashSet<>(language.catcherFields());
        allowed.addAll(List.of("ErrorEquals", "Next", "Comment"));
        var entries = entries(state, "Catch", path, allowed);
        for (var entry : entries) {
            var fields = new FieldReader(entry.object, entry.path, findings);
            var flow = language.catcherFlow(fields);
            if (fields.text("Next").isEmpty()) {
                findings.schema(entry.path, "These fields are required: [Next]", "Name the state to go to");
            }
            errorEquals(entry, entries.size())
                    .ifPresent(errors ->
                            fields.text("Next").ifPresent(next -> catchers.add(new Catcher(errors, next, flow))));
        }
        return catchers;
    }

    private record Entry(ObjectNode object, String path, int index) {}

    private List<Entry> entries(ObjectNode state, String field, String path, Set<String> allowed) {
        var entries = new ArrayList<Entry>();
        var list = state.path(field);
        for (var i = 0; i < list.size(); i++) {
            var at = path + "/" + field + "[" + i + "]";
            if (!(list.get(i) instanceof ObjectNode object)) {
                findings.schema(at, "Expected value of type Object", "Make it an object with ErrorEquals");
                continue;
            }
            new FieldReader(object, at, findings).only(allowed);
            entries.add(new Entry(object, at, i));
        }
        return entries;
    }

    private Optional<ErrorEquals> errorEquals(Entry entry, int entries) {
        var at = entry.path + "/ErrorEquals";
        var value = entry.object.get("ErrorEquals");
        if (value == null) {
            findings.schema(entry.path, "These fields are required: [ErrorEquals]", "List the error names it is for");
            return Optional.empty();
        }
        if (!value.isArray() || value.isEmpty()) {
            findings.schema(
                    at,
                    value.isArray() ? "Value cannot be empty" : "Expected value of type Array",
                    "Make it a non-empty required list of error names");
            return Optional.empty();
        }
        var names = new ArrayList<String>();
        for (var name : value) {
            if (!name.isTextual()) {
                findings.schema(at, "Expected value of type String, but was " + name, "List error names as strings");
            }
            names.add(name.asText());
        }
        if (names.contains(ErrorEquals.ALL) && (names.size() > 1 || entry.index < entries - 1)) {
            findings.schema(
                    at,
                    "'" + ErrorEquals.ALL + "' must appear alone, and in the last entry of its list",
                    "Move it to an entry of its own at the end");
        }
        return Optional.of(new ErrorEquals(names));
    }

    private void integerIn(Entry entry, String field, long least, long most) {
        var value = entry.object.get(field);
        if (value != null && !Shape.isIntegerBetween(value, least, most)) {
            findings.schema(
                    entry.path + "/" + field,
                    "Expected value of type Integer between " + least + " and " + most + ", but was " + value,
                    "Give a number in that range");
        }
    }

    private double backoffRate(Entry entry) {
        var value = entry.object.get("BackoffRate");
        if (value != null && !(value.isNumber() && value.asDouble() >= 1.0)) {
            findings.schema(
                    entry.path + "/BackoffRate",
                    "Expected value of type Number of at least 1.0, but was " + value,
                    "Give a number of at least 1.0");
        }
        return value == null ? 2.0 : value.asDouble();
    }

    private Jitter jitter(Entry entry) {
        JsonNode value = entry.object.get("JitterStrategy");
        if (value == null) {
            return Jitter.NONE;
        }
        for (var jitter : Jitter.values()) {
            if (jitter.name().equals(value.asText())) {
                return jitter;
            }
        }
        findings.schema(
                entry.path + "/JitterStrategy",
                "The value " + value + " is not one of the allowed values [\"FULL\", \"NONE\"]",
                "Give one of them");
        return Jitter.NONE;
    }
}
