package io.stepstream.chaos.world;

import java.time.Duration;
import java.util.Optional;

/** What whoever has a task does with it. */
public sealed interface Behaviour {

    /**
     * Answers, after so long.
     *
     * @param heartbeats how often it says that it is still there, before that
     * @param repeated whether the answer is sent twice, with the same request id
     * @param error the error that it answers with; none if it does what it is asked
     */
    record Answer(Duration after, int heartbeats, boolean repeated, Optional<String> error) implements Behaviour {}

    /** Never answers. */
    record Silence() implements Behaviour {}

    /** What becomes of a request, by its idempotency key: a repeated delivery of it goes the same way. */
    static Behaviour of(Dice dice, String task, String idempotencyKey) {
        var random = dice.about("task " + idempotencyKey);
        var percent = random.nextInt(100);
        if (percent < (task.equals(Template.WORK) ? 3 : 10)) {
            return new Silence();
        }
        var slowest = task.equals(Template.WORK) ? percent < 10 ? 2500 : 150 : percent < 30 ? 12_000 : 2500;
        var after = Duration.ofMillis(random.nextInt(slowest));
        var error = percent >= 88 ? Optional.of(percent >= 94 ? "Chaos" : "Other") : Optional.<String>empty();
        return new Answer(after, (int) (after.toMillis() / 1500), random.nextInt(100) < 5, error);
    }
}
