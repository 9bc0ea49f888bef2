package io.stepstream.asl.data;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a JSONata expression: a value that text functions take, and a function of its own, which gives the first match
 * of a text. Whoever uses it, what it looks at is counted.
 *
 * @see <a href="https://docs.jsonata.org/regex">Regular expressions</a>
 */
final class JsonataRegex extends Jsonata.JFunction {
    private final Pattern pattern;
    private final JsonataBound bound;

    JsonataRegex(Pattern pattern, JsonataBound bound) {
        super((_, _) -> null, "<s:o>");
        this.pattern = pattern;
        this.bound = bound;
    }

    /** The pattern of a regular expression as it is written, with its slashes and flags. */
    static Pattern compile(String literal) {
        var end = literal.lastIndexOf('/');
        var flags = literal.substring(end + 1);
        return Pattern.compile(
                literal.substring(1, end),
                (flags.contains("i") ? Pattern.CASE_INSENSITIVE : 0) | (flags.contains("m") ? Pattern.MULTILINE : 0));
    }

    /** A matcher that is charged for every character it looks at. */
    Matcher matcher(String text) {
        return pattern.matcher(bound.counted(text));
    }

    /** The parts of a text between the matches, the empty ones too. */
    List<String> split(String text) {
        return List.of(pattern.split(bound.counted(text), -1));
    }

    @Override
    public int getNumberOfArgs() {
        return 1;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object call(@Nullable Object input, List given) {
        return !given.isEmpty() && given.getFirst() instanceof String text ? next(matcher(text), text) : null;
    }

    /** The next match, which knows those behind it. */
    private static @Nullable Map<String, Object> next(Matcher matcher, String text) {
        if (!matcher.find()) {
            return null;
        }
        var match = new LinkedHashMap<String, Object>();
        match.put("match", matcher.group());
        match.put("start", matcher.start());
        match.put("end", matcher.end());
        match.put("groups", groups(matcher));
        match.put("next", Jsonata.function("next", () -> behind(matcher, text), "<:o>"));
        return match;
    }

    private static @Nullable Map<String, Object> behind(Matcher matcher, String text) {
        if (matcher.end() >= text.length()) {
            return null;
        }
        var next = next(matcher, text);
        if (next != null && "".equals(next.get("match"))) {
            throw new JException("D1004", -1, matcher.pattern().pattern());
        }
        return next;
    }

    /** What each group of a match has found. */
    static List<@Nullable String> groups(Matcher matcher) {
        var groups = new ArrayList<@Nullable String>();
        for (var group = 1; group <= matcher.groupCount(); group++) {
            groups.add(matcher.group(group));
        }
        return groups;
    }

    @Override
    public String toString() {
        return "/" + pattern.pattern() + "/";
    }
}
