package io.stepstream.chaos.check;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Strikes once, at its time. */
abstract class Once implements Bug {
    private final Duration after;
    private Optional<Instant> begun = Optional.empty();
    private boolean struck;

    Once(Duration after) {
        this.after = after;
    }

    abstract void strike(SimulatedWorld world);

    @Override
    public void between(SimulatedWorld world) {
        var since = begun.orElseGet(world::now);
        begun = Optional.of(since);
        if (!struck && !world.now().isBefore(since.plus(after))) {
            struck = true;
            strike(world);
        }
    }
}
