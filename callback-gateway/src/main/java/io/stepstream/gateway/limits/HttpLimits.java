package io.stepstream.gateway.limits;

import io.stepstream.gateway.http.Bodies;
import java.time.Duration;

/**
 * How much a gateway takes.
 *
 * @param bodyBytes of a request's body; more is answered with 413
 * @param headerBytes of a request's headers together, and as much of its first line; more with 431 or 414
 * @param headTime from a request's first byte to the end of its head; longer is answered with 408. It is looked at when bytes come: a
 *     silence may add {@code bodyTime} to it, and after a body that nobody read it counts from {@code bodyTime} later
 * @param bodyTime from a request's head to the end of its body; longer is answered with 408
 * @param connections open at once; more wait to be accepted
 * @param longPolls calls that wait for a task, or for history, at once; more are answered with 429
 * @param address requests of one network address (of an IPv6 network of 64 bits); more are answered with 429
 * @param page requests of one address to approval pages
 * @param principal requests of one principal
 * @param task requests about one task
 */
public record HttpLimits(
        int bodyBytes,
        int headerBytes,
        Duration headTime,
        Duration bodyTime,
        int connections,
        int longPolls,
        Rate address,
        Rate page,
        Rate principal,
        Rate task) {

    /** For a gateway on a small machine. */
    public static final HttpLimits DEFAULT = new HttpLimits(
            Bodies.BODY_BYTES,
            16 * 1024,
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            20_000,
            8_000,
            new Rate(5_000, 10_000),
            new Rate(20, 200),
            new Rate(5_000, 10_000),
            new Rate(20, 100));

    public HttpLimits {
        if (bodyBytes < 1
                || headerBytes < 1024
                || headTime.toMillis() < 1
                || bodyTime.toMillis() < 1
                || connections < 1
                || longPolls < 1) {
            throw new IllegalArgumentException(
                    "limits: sizes, times and counts are above 0, and headerBytes at least 1024");
        }
        if (bodyBytes > Bodies.BODY_BYTES) {
            throw new IllegalArgumentException(
                    "limits: bodyBytes is %d; at most %d".formatted(bodyBytes, Bodies.BODY_BYTES));
        }
    }
}
