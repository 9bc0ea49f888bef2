package io.stepstream.asl.data;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Timestamps of the language: RFC 3339 with an upper-case T and an offset or Z. */
public final class Timestamps {

    private static final Pattern FORM =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})");

    /**
     * How far ahead a timestamp may be: the days that fit into a signed 32-bit number of seconds. AWS waits no longer, whatever an
     * execution's own limit is.
     */
    public static final Duration MOST_AHEAD = Duration.ofDays(24_855);

    private Timestamps() {}

    /** An instant that can be waited for; {@code otherwise} makes the error if it cannot. */
    static Instant reachable(Instant instant, EvaluationContext context, Function<String, StatesFailure> otherwise)
            throws StatesFailure {
        if (instant.isAfter(context.now().plus(MOST_AHEAD))) {
            throw otherwise.apply("a timestamp more than " + MOST_AHEAD.toDays() + " days ahead");
        }
        return instant;
    }

    /** The instant that a text names, if it is a timestamp. */
    public static Optional<Instant> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
