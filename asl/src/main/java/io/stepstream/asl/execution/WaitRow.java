package io.stepstream.asl.execution;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What waits under a ticket. Small, since a heartbeat rewrites it. */
public sealed interface WaitRow {

    long ticket();

    /**
     * A task that has been asked for.
     *
     * @param binding what the task's token is bound to
     * @param started whether a worker has it: of an activity, not before one has polled for it
     * @param timeout when the task's time is up
     * @param heartbeat the heartbeat that is due next
     * @param timer the time for which a timer is set: the earlier of the two when it was set. Heartbeats do not move it; when it
     *     fires, the deadlines are compared and it is set again
     */
    record Task(
            long ticket,
            FramePath path,
            String binding,
            boolean started,
            Optional<Instant> timeout,
            Optional<HeartbeatDue> heartbeat,
            Optional<Instant> timer)
            implements WaitRow {

        /** The deadline in force: by the timeout or by the heartbeat, whichever is earlier. */
        Optional<Instant> deadline() {
            return Waits.earlier(timeout, heartbeat.map(HeartbeatDue::due));
        }

        /** Whether it is for want of a heartbeat that the deadline is what it is. */
        boolean missedHeartbeat() {
            return heartbeat.isPresent() && !deadline().equals(timeout);
        }

        Task asStarted() {
            return new Task(ticket, path, binding, true, timeout, heartbeat, timer);
        }

        /** This wait after a heartbeat; one that was overtaken by a later one changes nothing. */
        Task heardOf(Instant at) {
            var next = heartbeat.map(due -> at.plus(due.interval()).isAfter(due.due())
                    ? new HeartbeatDue(at.plus(due.interval()), due.interval())
                    : due);
            return new Task(ticket, path, binding, started, timeout, next, timer);
        }

        Task timedFor(Instant due) {
            return new Task(ticket, path, binding, started, timeout, heartbeat, Optional.of(due));
        }
    }

    /** A Wait state or a retry's backoff. */
    record Pause(long ticket, FramePath path, Instant due) implements WaitRow {}

    /** The execution's own timeout. */
    record ExecutionDeadline(long ticket, Instant due) implements WaitRow {}

    /** The next heartbeat is due at a time, and every one puts it off by the interval. */
    record HeartbeatDue(Instant due, Duration interval) {}
}
