package io.stepstream.orchestrator.engine;

import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.LimitTask;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Limits of task names, as they are asked for; a name need not be registered yet. */
final class TaskLimits {
    private static final int HIGHEST = 1_000_000;

    private final LimitHomes homes;
    private final Outbox outbox;
    private final Supplier<Instant> wallClock;

    TaskLimits(LimitHomes homes, Outbox outbox, Supplier<Instant> wallClock) {
        this.homes = homes;
        this.outbox = outbox;
        this.wallClock = wallClock;
    }

    void limit(LimitTask limit, Caller caller) {
        var now = wallClock.get();
        var key = LimitKeys.task(limit.getName());
        var max = Optional.ofNullable(limit.getMaxConcurrency());
        illegal(limit.getName())
                .or(() -> wrong(max))
                .or(() -> full(homes.set(key, max(max), now)))
                .ifPresentOrElse(
                        refused -> outbox.refused(caller, key, refused.refusal().name(), refused.reason(), now),
                        () -> outbox.accepted(caller, key, now));
    }

    private static Optional<Change.Refused> illegal(String name) {
        return Topics.isTaskName(name)
                ? Optional.empty()
                : Optional.of(new Change.Refused(
                        Change.Refusal.VALIDATION, "a task name is 1 to 80 visible characters, without white space"));
    }

    /** What is wrong with a limit; nothing with none. */
    static Optional<Change.Refused> wrong(Optional<Integer> max) {
        return max.filter(most -> most < 1 || most > HIGHEST)
                .map(most -> new Change.Refused(
                        Change.Refusal.VALIDATION,
                        "a limit is a whole number from 1 to " + HIGHEST + ", not " + most
                                + "; to let nothing begin at all, pause the state machine"));
    }

    static Optional<Change.Refused> full(LimitHomes.Outcome outcome) {
        return switch (outcome) {
            case SET -> Optional.empty();
            case TOO_MANY ->
                Optional.of(new Change.Refused(
                        Change.Refusal.SERVICE_QUOTA_EXCEEDED,
                        "This partition is the home of " + LimitHomes.MOST
                                + " limits. Remove some that nobody needs."));
        };
    }

    static OptionalInt max(Optional<Integer> max) {
        return max.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }
}
