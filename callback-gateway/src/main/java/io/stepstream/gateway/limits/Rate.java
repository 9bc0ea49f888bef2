package io.stepstream.gateway.limits;

/**
 * How often something may happen.
 *
 * @param perSecond in the long run
 * @param burst at once
 */
public record Rate(double perSecond, int burst) {

    public Rate {
        if (!(perSecond > 0) || burst < 1) {
            throw new IllegalArgumentException(
                    "A rate is more than 0 a second and at least 1 at once, not %s and %d".formatted(perSecond, burst));
        }
    }
}
