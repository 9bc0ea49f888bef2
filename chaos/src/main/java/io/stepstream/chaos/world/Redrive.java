package io.stepstream.chaos.world;

import io.stepstream.schemas.avro.ExecutionStatus;
import java.time.Duration;
import java.util.Optional;

/**
 * Somebody has an execution go on that has not ended well.
 *
 * @param number how often it has been redriven before
 * @param after how long after it has ended
 * @param repeated whether this is asked for twice, as a client does that has not heard of the first
 */
public record Redrive(String executionArn, int number, Duration after, boolean repeated) {
    private static final int MOST = 2;

    /** What somebody does who reads this status. A child is redriven like any other, and refused if its parent has waited for it. */
    public static Optional<Redrive> of(Dice dice, ExecutionStatus status) {
        var ended = !status.getStatus().equals("RUNNING") && !status.getStatus().equals("SUCCEEDED");
        var number = status.getRedriveCount();
        var random = dice.about("redrive " + number + ' ' + status.getExecutionArn());
        return ended && number < MOST && random.nextInt(100) < 40
                ? Optional.of(new Redrive(
                        status.getExecutionArn(),
                        number,
                        Duration.ofMillis(random.nextInt(2500)),
                        random.nextInt(100) < 10))
                : Optional.empty();
    }
}
