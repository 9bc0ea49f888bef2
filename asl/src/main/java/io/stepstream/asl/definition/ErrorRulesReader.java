package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.FieldRule.Shape;
import io.stepstream.asl.definition.Retrier.Jitter;
import java.util.ArrayList;
import java.util.Arrays;
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
                findings.add(Rule.REQUIRED_FIELDS, entry.path, "[Next]");
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
                findings.add(Rule.VALUE_TYPE, at, "Object");
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
            findings.add(Rule.REQUIRED_FIELDS, entry.path, "[ErrorEquals]");
            return Optional.empty();
        }
        if (!value.isArray() || value.isEmpty()) {
            if (value.isArray()) {
                findings.add(Rule.VALUE_EMPTY, at);
            } else {
                findings.add(Rule.VALUE_TYPE, at, "Array");
            }
            return Optional.empty();
        }
        var names = new ArrayList<String>();
        for (var name : value) {
            if (!name.isTextual()) {
                findings.add(Rule.VALUE_TYPE, at, "String");
            }
            names.add(name.asText());
        }
        if (names.contains(ErrorEquals.ALL) && (names.size() > 1 || entry.index < entries - 1)) {
            findings.add(Rule.ALL_ERRORS_ALONE, at);
        }
        return Optional.of(new ErrorEquals(names));
    }

    private void integerIn(Entry entry, String field, long least, long most) {
        var value = entry.object.get(field);
        if (value != null) {
            Shape.integer(value, least, most, entry.path + "/" + field, findings);
        }
    }

    private double backoffRate(Entry entry) {
        var value = entry.object.get("BackoffRate");
        if (value != null && !value.isNumber()) {
            findings.add(Rule.VALUE_TYPE, entry.path + "/BackoffRate", "Number");
        } else if (value != null && value.asDouble() < 1.0) {
            findings.add(Rule.VALUE_LOW, entry.path + "/BackoffRate", 1.0, value);
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
        findings.add(
                Rule.VALUE_CHOICE, entry.path + "/JitterStrategy", "JitterStrategy", Arrays.toString(Jitter.values()));
        return Jitter.NONE;
    }
}
