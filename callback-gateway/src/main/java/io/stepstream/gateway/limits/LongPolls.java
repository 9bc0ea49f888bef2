package io.stepstream.gateway.limits;

import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** The places of calls that wait; more are turned away rather than kept where nobody sees them. */
public final class LongPolls {

    private static final Duration RETRY = Duration.ofSeconds(5);

    private final int most;
    private final Semaphore places;

    public LongPolls(int most) {
        this.most = most;
        this.places = new Semaphore(most);
    }

    /** How many calls wait now. */
    public int taken() {
        return most - places.availablePermits();
    }

    /** A place that is held until it is closed. */
    public interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /** Takes a place; refused if there is none. */
    public Place take() throws ApiException {
        if (!places.tryAcquire()) {
            throw new ApiException(ApiError.THROTTLED, "Rate exceeded: %d calls wait already".formatted(most), RETRY);
        }
        return places::release;
    }
}
