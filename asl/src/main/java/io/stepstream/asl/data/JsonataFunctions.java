package io.stepstream.asl.data;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The functions that AWS adds to JSONata, and those built-in ones that would look at a clock or at an unseeded source of
 * randomness. {@code $eval} is not to be had, as with AWS.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html">Transforming data with JSONata</a>
 */
final class JsonataFunctions {

    /** Longest array that {@code $range} makes, as AWS has it. */
    private static final int MAX_RANGE = 1_000;

    private static final Map<String, String> DIGESTS =
            Map.of("MD5", "MD5", "SHA-1", "SHA-1", "SHA-256", "SHA-256", "SHA-384", "SHA-384", "SHA-512", "SHA-512");

    /** The functions that are bound for each evaluation, instead of the library's own or beside them. */
    private static final List<String> BOUND = List.of(
            "millis",
            "now",
            "fromMillis",
            "toMillis",
            "random",
            "shuffle",
            "sort",
            "uuid",
            "partition",
            "range",
            "hash",
            "parse",
            "eval");

    /** Every function there is, JSONata's own and AWS's: none of these names is a variable. */
    static final Set<String> NAMES = Set.of(
            ("string length substring substringBefore substringAfter uppercase lowercase trim pad contains split join match"
                            + " replace base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl"
                            + " number abs floor ceil round power sqrt random formatNumber formatBase formatInteger parseInteger"
                            + " sum max min average boolean not exists count append sort reverse shuffle distinct zip keys lookup"
                            + " spread merge sift each error assert type now millis fromMillis toMillis map filter single reduce"
                            + " partition range hash uuid parse eval")
                    .split(" "));

    private JsonataFunctions() {}

    /** Those of these functions that an expression's text mentions, in whatever way; making one is dear. */
    static List<String> mentioned(String text) {
        return BOUND.stream().filter(text::contains).toList();
    }

    static void bind(Jsonata.Frame frame, List<String> names, Instant now, RandomGenerator random) {
        names.forEach(name -> frame.bind(name, function(name, now, random)));
    }

    private static Jsonata.JFunction function(String name, Instant now, RandomGenerator random) {
        return switch (name) {
            case "millis" -> Jsonata.function(name, now::toEpochMilli, "<:n>");
            case "now" -> Jsonata.function(name, (List<?> arguments) -> now(now, arguments), "<s?s?:s>");
            case "fromMillis" -> Jsonata.function(name, JsonataFunctions::fromMillis, "<n-s?s?:s>");
            case "toMillis" -> Jsonata.function(name, (List<?> arguments) -> toMillis(now, arguments), "<s-s?:n>");
            case "random" -> Jsonata.function(name, (List<?> arguments) -> random(random, arguments), "<n?:n>");
            case "shuffle" -> Jsonata.function(name, (List<?> values) -> shuffle(random, values), "<a:a>");
            case "sort" -> Jsonata.function(name, JsonataFunctions::sort, "<af?:a>");
            case "uuid" -> Jsonata.function(name, () -> Uuids.random(random), "<:s>");
            case "partition" -> Jsonata.function(name, JsonataFunctions::partition, "<an:a<a>>");
            case "range" -> Jsonata.function(name, JsonataFunctions::range, "<nnn:a<n>>");
            case "hash" -> Jsonata.function(name, JsonataFunctions::hash, "<ss:s>");
            case "parse" -> Jsonata.function(name, JsonataValues::parse, "<s:x>");
            case "eval" -> Jsonata.function(name, JsonataFunctions::noEval, "<x?x?:x>");
            default -> throw new IllegalArgumentException("no function of ours: " + name);
        };
    }

    private static Object noEval(List<?> arguments) {
        throw new JException("$eval is not supported", -1);
    }

    private static @Nullable Object argument(List<?> arguments, int index) {
        return index < arguments.size() ? arguments.get(index) : null;
    }

    private static String now(Instant now, List<?> arguments) {
        return String.valueOf(JsonataDates.fromMillis(
                now.toEpochMilli(), (String) argument(arguments, 0), (String) argument(arguments, 1)));
    }

    private static @Nullable Object fromMillis(
            @Nullable Number millis, @Nullable String picture, @Nullable String offset) {
        return JsonataDates.fromMillis(millis, picture, offset);
    }

    private static @Nullable Object toMillis(Instant now, List<?> arguments) {
        try {
            return JsonataDates.toMillis((String) argument(arguments, 0), (String) argument(arguments, 1), now);
        } catch (ParseException e) {
            throw new JException("D3136", -1, e);
        }
    }

    /** A number from 0 to 1; with a seed always the same one for that seed. */
    private static double random(RandomGenerator random, List<?> arguments) {
        return argument(arguments, 0) instanceof Number seed
                ? new SplittableRandom(seed.longValue()).nextDouble()
                : random.nextDouble();
    }

    private static @Nullable Object shuffle(RandomGenerator random, @Nullable List<?> arguments) {
        if (arguments == null || !(argument(arguments, 0) instanceof List<?> values)) {
            return null;
        }
        var shuffled = new ArrayList<Object>(values);
        for (var i = shuffled.size() - 1; i > 0; i--) {
            var j = random.nextInt(i + 1);
            var swapped = shuffled.get(i);
            shuffled.set(i, shuffled.get(j));
            shuffled.set(j, swapped);
        }
        return shuffled;
    }

    /** JSONata's sort keeps the order of elements of which the function puts neither behind the other; the library's does not. */
    private static @Nullable Object sort(@Nullable List<?> values, @Nullable Object isBehind) {
        if (values == null || values.size() < 2 || isBehind == null) {
            return values == null ? null : com.dashjoin.jsonata.Functions.sort(values, isBehind);
        }
        return sorted(new ArrayList<@Nullable Object>(values), isBehind);
    }

    private static List<@Nullable Object> sorted(List<@Nullable Object> values, Object isBehind) {
        if (values.size() < 2) {
            return values;
        }
        var middle = values.size() / 2;
        var left = sorted(values.subList(0, middle), isBehind);
        var right = sorted(values.subList(middle, values.size()), isBehind);
        var merged = new ArrayList<@Nullable Object>(values.size());
        int i = 0;
        int j = 0;
        while (i < left.size() && j < right.size()) {
            merged.add(apply(isBehind, left.get(i), right.get(j)) ? right.get(j++) : left.get(i++));
        }
        merged.addAll(left.subList(i, left.size()));
        merged.addAll(right.subList(j, right.size()));
        return merged;
    }

    private static boolean apply(Object function, @Nullable Object first, @Nullable Object second) {
        try {
            return Jsonata.boolize(
                    com.dashjoin.jsonata.Functions.funcApply(function, java.util.Arrays.asList(first, second)));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a function of an expression failed: " + e, e);
        }
    }

    private static @Nullable Object partition(@Nullable List<?> values, @Nullable Number size) {
        if (values == null || size == null) {
            return null;
        }
        var length = (int) Math.floor(size.doubleValue());
        if (length < 1) {
            throw new JException("$partition: the size of a chunk must be a positive number, but is " + size, -1);
        }
        var chunks = new ArrayList<Object>();
        for (var from = 0; from < values.size(); from += length) {
            chunks.add(new ArrayList<>(values.subList(from, Math.min(values.size(), from + length))));
        }
        return chunks;
    }

    private static @Nullable Object range(@Nullable Number first, @Nullable Number last, @Nullable Number step) {
        if (first == null || last == null || step == null) {
            return null;
        }
        var from = Math.round(first.doubleValue());
        var to = Math.round(last.doubleValue());
        var by = Math.round(step.doubleValue());
        if (by == 0) {
            throw new JException("$range: the step must not be 0", -1);
        }
        if ((to - from) / by >= MAX_RANGE) {
            throw new JException("$range: more than " + MAX_RANGE + " numbers", -1);
        }
        var numbers = new ArrayList<Object>();
        for (var n = from; by > 0 ? n <= to : n >= to; n += by) {
            numbers.add(n == (int) n ? (Number) (int) n : (Number) n);
        }
        // A sequence of one is its element, as everywhere in JSONata.
        return numbers.size() == 1 ? numbers.getFirst() : numbers;
    }

    private static @Nullable Object hash(@Nullable String data, @Nullable String algorithm) {
        if (data == null || algorithm == null) {
            return null;
        }
        var digest = DIGESTS.get(algorithm);
        if (digest == null) {
            throw new JException(
                    "$hash: unknown algorithm " + algorithm + "; known are MD5, SHA-1, SHA-256, SHA-384, SHA-512", -1);
        }
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance(digest).digest(data.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + digest, e);
        }
    }
}
