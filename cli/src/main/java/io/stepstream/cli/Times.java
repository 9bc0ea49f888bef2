package io.stepstream.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Times on the command line: with an offset, or a date alone, which is its beginning in UTC. */
public final class Times {
    private Times() {}

    /**
     * The time that a text names.
     *
     * @param option what it was given as
     * @throws Unusable if it is none
     */
    public static Instant parse(String option, String text) {
        try {
            return text.length() <= "2026-01-31".length()
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new Unusable(
                    option + " " + text + " is no time: give one as 2026-01-31T12:00:00Z, with its offset, or a date");
        }
    }
}
