package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What waits under a ticket. Small, since a heartbeat rewrites it. */
public sealed interface WaitRow {

    long ticket();

    /**
     * A task that has been asked for.
     *
     * @param asked when it was asked for
     * @param binding what the task's token is bound to
     * @param started whether a worker has it: of an activity, not before one has polled for it
     * @param timeout when the task's time is up
     * @param heartbeat the heartbeat that is due next
     * @param timer the time for which a timer is set: the earlier of the two when it was set. Heartbeats do not move it; when it
     *     fires, the deadlines are compared and it is set again
     * @param child the execution that does the task, if one does
     * @param limit the task name whose limit counts it
     */
    record Task(
            long ticket,
            FramePath path,
            Instant asked,
            String binding,
            boolean started,
            Optional<Instant> timeout,
            Optional<HeartbeatDue> heartbeat,
            Optional<Instant> timer,
            Optional<Child> child,
            Optional<String> limit)
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
            return new Task(ticket, path, asked, binding, true, timeout, heartbeat, timer, child, limit);
        }

        /** This wait after a heartbeat; one that was overtaken by a later one changes nothing. */
        Task heardOf(Instant at) {
            var next = heartbeat.map(due -> at.plus(due.interval()).isAfter(due.due())
                    ? new HeartbeatDue(at.plus(due.interval()), due.interval())
                    : due);
            return new Task(ticket, path, asked, binding, started, timeout, next, timer, child, limit);
        }

        /** This wait, once its child is known to have started. */
        Task confirmed(Child started) {
            return new Task(
                    ticket,
                    path,
                    asked,
                    binding,
                    this.started,
                    timeout,
                    heartbeat,
                    timer,
                    Optional.of(new Child(started.executionArn(), started.interest(), true)),
                    limit);
        }

        /** This wait, once no child does the task any more. */
        Task childless() {
            return new Task(ticket, path, asked, binding, started, timeout, heartbeat, timer, Optional.empty(), limit);
        }

        Task timedFor(Instant due) {
            return new Task(ticket, path, asked, binding, started, timeout, heartbeat, Optional.of(due), child, limit);
        }
    }

    /**
     * An execution that does a task.
     *
     * @param interest what its parent has asked to hear of
     * @param confirmed whether it is known to have started
     */
    record Child(String executionArn, Parent.Interest interest, boolean confirmed) {}

    /** A child that was given up before it was known to have started: its start is still on its way, and then is cancelled again. */
    record AbandonedChild(long ticket, String binding, String executionArn) implements WaitRow {}

    /**
     * A Map run: it waits for its children.
     *
     * @param binding what the children's reports must name
     * @param arn the run's ARN
     * @param cursor where the reader goes on, if there is one and it has said so
     * @param asked the ticket of the task that the reader or the writer has now
     * @param redrives how often it has gone on after its execution's end
     */
    record MapRun(
            long ticket,
            FramePath path,
            String binding,
            String arn,
            MapBounds bounds,
            MapProgress progress,
            Optional<Document> cursor,
            Optional<Long> asked,
            MapStage stage,
            ExecutionRow.Redrives redrives)
            implements WaitRow {

        /** The name of a child of this run: the same for the same index, whoever asks. */
        String childName(int index) {
            return UUID.nameUUIDFromBytes((arn + "/" + index).getBytes(StandardCharsets.UTF_8))
                    .toString();
        }

        /** The ARN of a child of this run. */
        String childArn(int index) {
            var own = arn.replaceFirst(":mapRun:", ":execution:");
            return own.substring(0, own.lastIndexOf(':') + 1) + childName(index);
        }

        MapRun with(MapProgress next) {
            return new MapRun(ticket, path, binding, arn, bounds, next, cursor, asked, stage, redrives);
        }

        MapRun with(MapBounds next) {
            return new MapRun(ticket, path, binding, arn, next, progress, cursor, asked, stage, redrives);
        }

        MapRun in(MapStage next) {
            return new MapRun(ticket, path, binding, arn, bounds, progress, cursor, asked, next, redrives);
        }

        /** This run, while the reader or the writer has a task. */
        MapRun asking(long task) {
            return new MapRun(ticket, path, binding, arn, bounds, progress, cursor, Optional.of(task), stage, redrives);
        }

        /** This run, going on after its execution's end. */
        MapRun redriven(Instant now) {
            return new MapRun(
                    ticket,
                    path,
                    binding,
                    arn,
                    bounds,
                    progress.redriven(),
                    cursor,
                    Optional.empty(),
                    new MapStage.Running(),
                    new ExecutionRow.Redrives(redrives.count() + 1, Optional.of(now)));
        }

        /** This run, once the task has been answered. */
        MapRun answered(Optional<Document> nextCursor) {
            return new MapRun(
                    ticket, path, binding, arn, bounds, progress, nextCursor, Optional.empty(), stage, redrives);
        }
    }

    /** What a Map run is about. A run whose rows are kept goes on when its execution is redriven. */
    sealed interface MapStage {
        /** Its items are given to children. */
        record Running() implements MapStage {}

        /** All its children have ended; their results are being written. Then the state fails, if it has a reason to. */
        record Writing(Optional<Failure> failure, Fate rows) implements MapStage {}

        /** Its children are cancelled; then the state fails. */
        record Failing(Failure failure, Fate rows) implements MapStage {}

        /** Its children are cancelled; then its frame ends together with an outer one. */
        record Aborting(Fate rows) implements MapStage {}

        /** Its execution has ended, and it with it: FAILED or ABORTED. A redrive goes on from here. */
        record Halted(ExecutionStatus how) implements MapStage {}

        /** Whether its rows are there to go on with after its execution's end. */
        default boolean isKept() {
            return switch (this) {
                case Running _ -> false;
                case Writing(var _, var rows) -> rows == Fate.KEPT;
                case Failing(var _, var rows) -> rows == Fate.KEPT;
                case Aborting(var rows) -> rows == Fate.KEPT;
                case Halted _ -> true;
            };
        }
    }

    /**
     * A task that a Map run has given to the reader or the writer.
     *
     * @param asked when it was asked for
     * @param run the run's ticket
     * @param limit the task name whose limit counts it
     */
    record MapTask(long ticket, FramePath path, Instant asked, String binding, long run, Optional<String> limit)
            implements WaitRow {}

    /**
     * A Wait state or a retry's backoff.
     *
     * @param since when it began
     */
    record Pause(long ticket, FramePath path, Instant since, Instant due) implements WaitRow {}

    /** The execution's own timeout. */
    record ExecutionDeadline(long ticket, Instant due) implements WaitRow {}

    /** The next heartbeat is due at a time, and every one puts it off by the interval. */
    record HeartbeatDue(Instant due, Duration interval) {}
}
