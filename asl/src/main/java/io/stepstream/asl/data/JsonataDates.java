package io.stepstream.asl.data;

import com.dashjoin.jsonata.Functions;
import java.text.ParseException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times by picture strings. The library's are JSONata's but for the year and the month of an ISO week, which it takes from the
 * day, and for times without a date, which are of today.
 *
 * @see <a href="https://docs.jsonata.org/date-time">Date/Time processing</a>
 */
final class JsonataDates {

    /** A bracket that stands for itself, or a marker of what a week belongs to: its year, its month, its number in that month. */
    private static final Pattern OF_WEEK = Pattern.compile("\\[\\[|\\[\\s*([Xxw])([^\\]]*)\\]");

    private static final Pattern OF_DATE = Pattern.compile("\\[\\s*[YMDdFWwXx]");
    private static final Pattern OF_TIME = Pattern.compile("\\[\\s*[Hh]");

    private JsonataDates() {}

    /** JSONata's {@code $fromMillis}: a time as text, without a picture in ISO 8601, without an offset in UTC. */
    static @Nullable String fromMillis(@Nullable Number millis, @Nullable String picture, @Nullable String offset) {
        if (millis == null || picture == null) {
            return Functions.dateTimeFromMillis(millis, picture, offset);
        }
        // An ISO week belongs to the year and to the month of its Thursday.
        var whole = OF_WEEK.matcher(picture).replaceAll(marker -> ofWeek(marker, millis.longValue(), offset));
        return Functions.dateTimeFromMillis(millis, whole, offset);
    }

    private static String ofWeek(MatchResult marker, long millis, @Nullable String offset) {
        if (marker.group(1) == null) {
            return java.util.regex.Matcher.quoteReplacement(marker.group());
        }
        var thursday = Instant.ofEpochMilli(millis)
                .atOffset(offset(offset))
                .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                .plusDays(3)
                .toInstant()
                .toEpochMilli();
        var component = switch (marker.group(1)) {
            case "X" -> "Y";
            case "x" -> "M";
            default -> "w";
        };
        var text = Functions.dateTimeFromMillis(thursday, "[" + component + marker.group(2) + "]", offset);
        return java.util.regex.Matcher.quoteReplacement(text.replace("[", "[[").replace("]", "]]"));
    }

    /** An offset as JSONata has it: {@code +0100}, {@code -05:30}; UTC for anything else, which the library judges. */
    private static ZoneOffset offset(@Nullable String offset) {
        return offset != null && offset.matches("[+-]\\d{2}:?\\d{2}") ? ZoneOffset.of(offset) : ZoneOffset.UTC;
    }

    /** JSONata's {@code $toMillis}: the time that a text tells by a picture. */
    static @Nullable Long toMillis(@Nullable String text, @Nullable String picture, Instant now) throws ParseException {
        if (text == null
                || picture == null
                || OF_DATE.matcher(picture).find()
                || !OF_TIME.matcher(picture).find()) {
            return Functions.dateTimeToMillis(text, picture);
        }
        var today = now.atOffset(ZoneOffset.UTC).toLocalDate() + " ";
        return Functions.dateTimeToMillis(today + text, "[Y0001]-[M01]-[D01] " + picture);
    }
}
