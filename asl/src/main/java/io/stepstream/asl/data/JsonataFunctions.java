package io.stepstream.asl.data;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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

    private JsonataFunctions() {}

    static void bind(Jsonata.Frame frame, Instant now, RandomGenerator random) {
        frame.bind("millis", Jsonata.function("millis", now::toEpochMilli, "<:n>"));
        frame.bind("now", Jsonata.function("now", (List<?> arguments) -> now(now, arguments), "<s?s?:s>"));
        frame.bind("random", Jsonata.function("random", (List<?> arguments) -> random(random, arguments), "<n?:n>"));
        frame.bind("shuffle", Jsonata.function("shuffle", (List<?> values) -> shuffle(random, values), "<a:a>"));
        frame.bind("uuid", Jsonata.function("uuid", () -> Uuids.random(random), "<:s>"));
        frame.bind("partition", Jsonata.function("partition", JsonataFunctions::partition, "<an:a<a>>"));
        frame.bind("range", Jsonata.function("range", JsonataFunctions::range, "<nnn:a<n>>"));
        frame.bind("hash", Jsonata.function("hash", JsonataFunctions::hash, "<ss:s>"));
        frame.bind("parse", Jsonata.function("parse", JsonataValues::parse, "<s:x>"));
        frame.bind("eval", Jsonata.function("eval", JsonataFunctions::noEval, "<x?x?:x>"));
    }

    private static Object noEval(List<?> arguments) {
        throw new JException("$eval is not supported", -1);
    }

    private static @Nullable Object argument(List<?> arguments, int index) {
        return index < arguments.size() ? arguments.get(index) : null;
    }

    private static String now(Instant now, List<?> arguments) {
        return com.dashjoin.jsonata.Functions.dateTimeFromMillis(
                now.toEpochMilli(), (String) argument(arguments, 0), (String) argument(arguments, 1));
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
