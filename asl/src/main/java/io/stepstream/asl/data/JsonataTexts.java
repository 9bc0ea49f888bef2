package io.stepstream.asl.data;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The text functions of JSONata whose cost the library does not bound: those that take a regular expression, and those whose result may
 * be far larger than what they are given. What they give is JSONata's.
 *
 * @see <a href="https://docs.jsonata.org/string-functions">String functions</a>
 */
final class JsonataTexts {
    private final JsonataBound bound;

    private JsonataTexts(JsonataBound bound) {
        this.bound = bound;
    }

    /** What a function gives for its arguments, of which those at the end may be missing. */
    @FunctionalInterface
    private interface Body {
        @Nullable
        Object of(JsonataTexts texts, List<?> given);
    }

    /**
     * A function, with its signature as the library declares it.
     *
     * @param parameters how many it has when it is applied in part; those that are not given then stay open
     */
    private record Declared(String signature, int parameters, Body body) {}

    private static final Map<String, Declared> FUNCTIONS = Map.of(
            "pad", new Declared("<s-ns?:s>", 3, JsonataTexts::pad),
            "join", new Declared("<a<s>s?:s>", 2, JsonataTexts::join),
            "string", new Declared("<x-b?:s>", 2, JsonataTexts::string),
            "contains", new Declared("<s-(sf):b>", 2, JsonataTexts::contains),
            // Without its limit, which $map would fill with an index.
            "match", new Declared("<s-f<s:o>n?:a<o>>", 2, JsonataTexts::match),
            "split", new Declared("<s-(sf)n?:a<s>>", 3, JsonataTexts::split),
            "replace", new Declared("<s-(sf)(sf)n?:s>", 4, JsonataTexts::replace));

    /** Those of the functions that an expression's text mentions, in whatever way; making one is dear. */
    static List<String> mentioned(String text) {
        return FUNCTIONS.keySet().stream()
                .filter(name -> text.contains("$" + name))
                .toList();
    }

    static void bind(Jsonata.Frame frame, List<String> names, JsonataBound bound) {
        var texts = new JsonataTexts(bound);
        for (var name : names) {
            var declared = Objects.requireNonNull(FUNCTIONS.get(name));
            frame.bind(name, new Bounded(name, declared, texts));
        }
    }

    /** A function in the place of the library's own: applied in part, it has as many parameters as that. */
    private static final class Bounded extends Jsonata.JFunction {
        private final Declared declared;
        private final JsonataTexts texts;

        Bounded(String name, Declared declared, JsonataTexts texts) {
            super(name, declared.signature(), Functions.class, null, name);
            this.declared = declared;
            this.texts = texts;
        }

        @Override
        public int getNumberOfArgs() {
            return declared.parameters();
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object call(@Nullable Object input, List given) {
            return declared.body().of(texts, given);
        }
    }

    private static @Nullable Object argument(List<?> given, int index) {
        return index < given.size() ? given.get(index) : null;
    }

    private static int limit(List<?> arguments, int index, String code) {
        var given = argument(arguments, index);
        if (given == null) {
            return Integer.MAX_VALUE;
        }
        if (!(given instanceof Number limit)) {
            throw new JException("T0410", -1, index + 1);
        }
        if (limit.doubleValue() < 0) {
            throw new JException(code, -1, limit);
        }
        return limit.intValue();
    }

    private @Nullable Object pad(List<?> given) {
        if (!(argument(given, 0) instanceof String text) || !(argument(given, 1) instanceof Number wanted)) {
            return null;
        }
        var width = wanted.intValue();
        bound.checkLength(Math.abs((long) width));
        var missing = Math.abs(width) - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        var unit = argument(given, 2) instanceof String s && !s.isEmpty() ? s : " ";
        var points = unit.codePoints().toArray();
        var padding = IntStream.range(0, missing)
                .map(i -> points[i % points.length])
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        return width < 0 ? padding + text : text + padding;
    }

    private @Nullable Object join(List<?> given) {
        if (!(argument(given, 0) instanceof List<?> parts)) {
            return null;
        }
        var separator = argument(given, 1) instanceof String s ? s : "";
        var joined = new StringBuilder();
        for (var i = 0; i < parts.size(); i++) {
            joined.append(i == 0 ? "" : separator).append(parts.get(i));
            bound.checkLength(joined.length());
        }
        return joined.toString();
    }

    private @Nullable Object string(List<?> given) {
        var value = argument(given, 0);
        var indented = Boolean.TRUE.equals(argument(given, 1));
        if (indented) {
            // Every line of it may be indented as deep as it nests.
            bound.checkLength(2L * bound.nesting(value) * bound.weight(value));
        }
        // The library writes whole numbers from 1e20 on with an exponent, JSONata from 1e21 on.
        if (value instanceof Double number && Math.abs(number) >= 1e15 && Math.abs(number) < 1e21) {
            return new BigDecimal(number).toPlainString();
        }
        return Functions.string(value, indented);
    }

    private @Nullable Object contains(List<?> given) {
        if (!(argument(given, 0) instanceof String text)) {
            return null;
        }
        return switch (argument(given, 1)) {
            case JsonataRegex regex -> (Object) regex.matcher(text).find();
            case String part -> text.contains(part);
            case null, default -> null;
        };
    }

    private @Nullable Object match(List<?> given) {
        if (!(argument(given, 0) instanceof String text) || !(argument(given, 1) instanceof JsonataRegex regex)) {
            return null;
        }
        var most = limit(given, 2, "D3040");
        var matcher = regex.matcher(text);
        var matches = com.dashjoin.jsonata.Utils.createSequence();
        while (matches.size() < most && matcher.find()) {
            var match = new LinkedHashMap<String, Object>();
            match.put("match", matcher.group());
            match.put("index", matcher.start());
            match.put("groups", JsonataRegex.groups(matcher));
            matches.add(match);
        }
        return matches;
    }

    private @Nullable Object split(List<?> given) {
        if (!(argument(given, 0) instanceof String text)) {
            return null;
        }
        if (!(argument(given, 1) instanceof JsonataRegex regex)) {
            return Functions.split(text, argument(given, 1), (Number) argument(given, 2));
        }
        var parts = regex.split(text);
        return new ArrayList<Object>(parts.subList(0, Math.min(limit(given, 2, "D3020"), parts.size())));
    }

    private @Nullable Object replace(List<?> given) {
        if (!(argument(given, 0) instanceof String text)) {
            return null;
        }
        var most = limit(given, 3, "D3011");
        var replacement = argument(given, 2);
        var matcher = switch (argument(given, 1)) {
            case JsonataRegex regex -> regex.matcher(text);
            case String literal when literal.isEmpty() -> throw new JException("D3010", -1, literal);
            case String literal -> Pattern.compile(literal, Pattern.LITERAL).matcher(text);
            case null, default -> throw new JException("T0410", -1, 2, "replace");
        };
        var plain = !(argument(given, 1) instanceof JsonataRegex);
        var replaced = new StringBuilder();
        var from = 0;
        for (var count = 0; count < most && matcher.find(); count++) {
            if (matcher.end() == matcher.start()) {
                throw new JException("D1004", -1, String.valueOf(argument(given, 1)));
            }
            replaced.append(text, from, matcher.start());
            replaced.append(plain ? replacement : replacement(matcher, replacement));
            bound.checkLength(replaced.length());
            from = matcher.end();
        }
        return replaced.append(text, from, text.length()).toString();
    }

    private static String replacement(Matcher matcher, @Nullable Object replacement) {
        return replacement instanceof String template ? filled(matcher, template) : called(matcher, replacement);
    }

    /** A template in which {@code $1} stands for a group, {@code $0} for all and {@code $$} for a dollar. */
    private static String filled(Matcher matcher, String template) {
        var filled = new StringBuilder();
        for (var i = 0; i < template.length(); i++) {
            var next = i + 1 < template.length() ? template.charAt(i + 1) : ' ';
            if (template.charAt(i) != '$' || (next != '$' && !isDigit(next))) {
                filled.append(template.charAt(i));
            } else if (next == '$') {
                filled.append('$');
                i++;
            } else {
                // As many digits as make a group that there is, one at least.
                var end = i + 2;
                while (end < template.length()
                        && isDigit(template.charAt(end))
                        && end - i <= 3
                        && Integer.parseInt(template.substring(i + 1, end + 1)) <= matcher.groupCount()) {
                    end++;
                }
                var group = Integer.parseInt(template.substring(i + 1, end));
                var found = group <= matcher.groupCount() ? matcher.group(group) : null;
                filled.append(found == null ? "" : found);
                i = end - 1;
            }
        }
        return filled.toString();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String called(Matcher matcher, @Nullable Object function) {
        Map<String, Object> match = new LinkedHashMap<>();
        match.put("match", matcher.group());
        match.put("start", matcher.start());
        match.put("end", matcher.end());
        match.put("groups", JsonataRegex.groups(matcher));
        try {
            if (Functions.funcApply(function, List.of(match)) instanceof String text) {
                return text;
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        throw new JException("D3012", -1, match);
    }
}
