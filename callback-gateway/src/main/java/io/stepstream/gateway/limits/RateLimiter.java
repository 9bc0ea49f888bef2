package io.stepstream.gateway.limits;

import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A token bucket for each of many callers. Its memory is bounded: beyond {@link #CALLERS} the one that has been away longest is
 * forgotten, whose bucket is full again or nearly so. Thread-safe.
 */
public final class RateLimiter {

    /** Callers that are remembered at once; about 100 bytes each. */
    public static final int CALLERS = 50_000;

    private final String what;
    private final Rate rate;
    private final LongSupplier nanoTime;
    private final Map<String, Bucket> buckets;

    private static final class Bucket {
        private double tokens;
        private long at;
    }

    /** @param what is limited, for messages, such as {@code "requests of one address"} */
    public RateLimiter(String what, Rate rate) {
        this(what, rate, CALLERS, System::nanoTime);
    }

    RateLimiter(String what, Rate rate, int callers, LongSupplier nanoTime) {
        this.what = what;
        this.rate = rate;
        this.nanoTime = nanoTime;
        this.buckets = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                return size() > callers;
            }
        };
    }

    /** Takes one from a caller's bucket; refused, with when to come back, if it is empty. */
    public void take(String caller) throws ApiException {
        var wait = tryTake(caller);
        if (wait.isPositive()) {
            throw new ApiException(
                    ApiError.THROTTLED,
                    "Rate exceeded: %s may be %s a second, %d at once".formatted(what, rate.perSecond(), rate.burst()),
                    wait);
        }
    }

    /** Takes one, or tells how long until there is one. */
    synchronized Duration tryTake(String caller) {
        var now = nanoTime.getAsLong();
        var bucket = buckets.computeIfAbsent(caller, key -> full(now));
        bucket.tokens = Math.min(rate.burst(), bucket.tokens + (now - bucket.at) / 1e9 * rate.perSecond());
        bucket.at = now;
        if (bucket.tokens >= 1) {
            bucket.tokens--;
            return Duration.ZERO;
        }
        return Duration.ofNanos((long) Math.ceil((1 - bucket.tokens) / rate.perSecond() * 1e9));
    }

    private Bucket full(long now) {
        var bucket = new Bucket();
        bucket.tokens = rate.burst();
        bucket.at = now;
        return bucket;
    }
}
