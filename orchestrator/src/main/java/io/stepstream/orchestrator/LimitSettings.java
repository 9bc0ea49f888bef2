package io.stepstream.orchestrator;

import io.stepstream.asl.execution.Limits;
import io.stepstream.settings.Key;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * The interpreter's limits as settings. What bounds a record's bytes can be lowered and not raised: the largest step has to fit what
 * the topics take.
 */
enum LimitSettings {
    TRANSITIONS_PER_STEP("transitions.per.step", 1, 10_000, Limits::transitionsPerStep),
    OUTPUT_BYTES_PER_STEP("output.bytes.per.step", 1024, 512 * 1024, Limits::outputBytesPerStep),
    CHILDREN_PER_STEP("children.per.step", 1, 64, Limits::childrenPerStep),
    PAYLOAD_BYTES("payload.bytes", 1024, 256 * 1024, Limits::payloadBytes),
    HISTORY_EVENTS("history.events", 10, 1_000_000, Limits::historyEvents),
    NESTING("nesting", 1, 16, Limits::nesting),
    ASSIGNED_BYTES("assigned.bytes", 1024, 256 * 1024, Limits::assignedBytes),
    VARIABLES_BYTES("variables.bytes", 1024, 1024 * 1024, Limits::variablesBytes),
    EXPRESS_SECONDS("express.seconds", 1, 300, Limits::expressSeconds),
    MAP_CONCURRENCY("map.concurrency", 1, 10_000, Limits::mapConcurrency),
    INLINE_CONCURRENCY("inline.concurrency", 1, 10_000, Limits::inlineConcurrency),
    REDRIVE_DAYS("redrive.days", 1, 365, Limits::redriveDays);

    private static final String PREFIX = Key.LIMITS.property().replace("*", "");

    private final String key;
    private final int least;
    private final int most;
    private final ToIntFunction<Limits> byDefault;

    LimitSettings(String name, int least, int most, ToIntFunction<Limits> byDefault) {
        this.key = name;
        this.least = least;
        this.most = most;
        this.byDefault = byDefault;
    }

    /** What the setting is called, behind {@code stepstream.limits.}. */
    String key() {
        return key;
    }

    int least() {
        return least;
    }

    int most() {
        return most;
    }

    int byDefault() {
        return byDefault.applyAsInt(Limits.DEFAULT);
    }

    /**
     * The limits that these settings make.
     *
     * @param given a setting's text by its key
     * @throws IllegalArgumentException if a key is unknown, or a value is no number or out of its range
     */
    static Limits read(Map<String, String> given) {
        var known = Arrays.stream(values()).map(LimitSettings::key).toList();
        given.keySet().stream().filter(key -> !known.contains(key)).findFirst().ifPresent(key -> {
            throw new IllegalArgumentException(PREFIX + key + " is no limit; there are " + known);
        });
        var numbers =
                Arrays.stream(values()).mapToInt(limit -> limit.value(given)).iterator();
        return new Limits(
                numbers.nextInt(),
                numbers.nextInt(),
                numbers.nextInt(),
                numbers.nextInt(),
                numbers.nextInt(),
                numbers.nextInt(),
                numbers.nextInt(),
                numbers.nextInt(),
                numbers.nextInt(),
                numbers.nextInt(),
                numbers.nextInt(),
                numbers.nextInt());
    }

    private int value(Map<String, String> given) {
        var text = Optional.ofNullable(given.get(key));
        if (text.isEmpty()) {
            return byDefault();
        }
        var wrong = PREFIX + key + " must be a whole number from " + least + " to " + most + ", not " + text.get();
        try {
            var number = Integer.parseInt(text.get());
            if (number < least || number > most) {
                throw new IllegalArgumentException(wrong);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(wrong, e);
        }
    }
}
