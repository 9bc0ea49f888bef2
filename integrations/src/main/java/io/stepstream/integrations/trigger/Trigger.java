package io.stepstream.integrations.trigger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Starts an execution for each record of a topic that passes its filter.
 *
 * @param name is in the consumer group's and the executions' names; never changed, or all records start executions again
 * @param from where a trigger that has read nothing yet begins
 * @param stateMachine name or ARN of a state machine, a version or an alias
 */
public record Trigger(String name, String topic, RecordFormat format, From from, String stateMachine, Mapping mapping) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");
    private static final Set<String> FIELDS =
            Set.of("name", "topic", "format", "from", "stateMachine", "queryLanguage", "filter", "input", "key");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where a trigger begins. */
    public enum From {
        EARLIEST,
        LATEST;

        String offsetReset() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads triggers: {@code {"triggers": [{"name": ..., "topic": ..., ...}]}}, as docs/triggers.md has it.
     *
     * @throws IllegalArgumentException if they are not so; the message says which and what
     */
    public static List<Trigger> read(String json) {
        JsonNode document;
        try {
            document = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the triggers are no JSON: " + e.getOriginalMessage(), e);
        }
        List<Trigger> triggers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode each : document.path("triggers")) {
            Trigger trigger = trigger(each);
            if (!names.add(trigger.name())) {
                throw new IllegalArgumentException("two triggers are named " + trigger.name());
            }
            triggers.add(trigger);
        }
        if (triggers.isEmpty()) {
            throw new IllegalArgumentException("there is no trigger: the file must be {\"triggers\": [...]}");
        }
        return triggers;
    }

    private static Trigger trigger(JsonNode given) {
        String name = given.path("name").asText();
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a trigger's name is 1 to 40 letters, digits, _ and -, not \"" + name + "\"");
        }
        given.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException(
                        "trigger " + name + " has a field '" + field + "', which none has; there are " + FIELDS);
            }
        });
        return new Trigger(
                name,
                required(name, given, "topic"),
                choice(name, given, "format", RecordFormat.class, "JSON"),
                choice(name, given, "from", From.class, "EARLIEST"),
                required(name, given, "stateMachine"),
                Mapping.of(name, given));
    }

    private static String required(String name, JsonNode given, String field) {
        String text = given.path(field).asText();
        if (text.isBlank()) {
            throw new IllegalArgumentException("trigger " + name + " has no '" + field + "'");
        }
        return text;
    }

    private static <E extends Enum<E>> E choice(
            String name, JsonNode given, String field, Class<E> type, String absent) {
        String text = given.path(field).asText(absent).toUpperCase(Locale.ROOT);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("'" + field + "' of trigger " + name + " must be one of "
                + List.of(type.getEnumConstants()) + ", not " + text);
    }
}
