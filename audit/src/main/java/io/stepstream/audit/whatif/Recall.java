package io.stepstream.audit.whatif;

import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.EffectsDigest;
import io.stepstream.asl.execution.HistoryEventType;
import io.stepstream.asl.execution.Interpreter;
import io.stepstream.asl.execution.Parent;
import io.stepstream.asl.execution.RowChange;
import io.stepstream.asl.rehearsal.Surroundings;
import io.stepstream.audit.replay.Interpreters;
import io.stepstream.audit.replay.Keys;
import io.stepstream.audit.replay.Replayed;
import io.stepstream.audit.replay.Replayer;
import io.stepstream.audit.replay.Revisions;
import io.stepstream.audit.whatif.Recorded.Child;
import io.stepstream.audit.whatif.Recorded.End;
import io.stepstream.audit.whatif.Recorded.Taken;
import io.stepstream.audit.whatif.Recorded.Task;
import io.stepstream.orchestrator.rows.PackedExecution.Chain;
import io.stepstream.orchestrator.steps.ExecutionRows;
import io.stepstream.orchestrator.steps.Hashes;
import io.stepstream.orchestrator.steps.RecordedStep;
import io.stepstream.orchestrator.steps.RowStore;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.PurgedBy;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a recorded execution step by step: by its own revision, to know all that it asked for, and by another definition beside
 * it, as long as that does the very same.
 */
final class Recall {
    /** Of one execution, stored: more than that is not held in memory. */
    private static final long MOST_BYTES = 256L << 20;

    private final RecordedStore store;
    private final MemoryRows rows = new MemoryRows();
    private final Replayer replayer;

    Recall(RecordedStore store, Revisions revisions, Keys keys) {
        this.store = store;
        this.replayer = new Replayer(Interpreters.known(), revisions, rows, keys);
    }

    /** A recorded execution, or why it cannot be told of. */
    sealed interface Recalled {
        record Known(Recorded recorded) implements Recalled {}

        record Not(Verdict.CannotTell why) implements Recalled {}
    }

    /**
     * Recalls an execution.
     *
     * @param machine the other definition
     */
    Recalled of(String arn, StateMachine machine) {
        var id = Arns.executionId(arn);
        rows.clear();
        var walk = new Walk(id, machine);
        var bytes = 0L;
        for (long step = 1; step <= store.steps(id); step++) {
            var stored = store.step(id, step).orElseThrow();
            bytes += stored.bytes().length;
            if (bytes > MOST_BYTES) {
                return new Recalled.Not(new Verdict.CannotTell(Verdict.Reason.TOO_LARGE, arn));
            }
            if (stored.record().getCommand() instanceof PurgedBy) {
                break;
            }
            var obstacle = walk.take(stored);
            if (obstacle.isPresent()) {
                return new Recalled.Not(obstacle.get());
            }
        }
        walk.end();
        return walk.recorded
                .<Recalled>map(Recalled.Known::new)
                .orElseGet(() -> new Recalled.Not(new Verdict.CannotTell(Verdict.Reason.BEGINNING_GONE, arn)));
    }

    /** Of no task. */
    private static final long NO_TICKET = 0;

    private static final int NO_ITEM = -1;

    /** What a child, or that of one item, is waited for by. */
    private record Wait(long ticket, int item) {}

    /** Rows in memory. */
    private static final class MemoryRows implements RowStore {
        private final Map<Bytes, byte[]> rows = new HashMap<>();

        void clear() {
            rows.clear();
        }

        @Override
        public byte @Nullable [] get(Bytes key) {
            return rows.get(key);
        }

        @Override
        public void put(Bytes key, byte[] row) {
            rows.put(key, row);
        }

        @Override
        public void delete(Bytes key) {
            rows.remove(key);
        }
    }

    /** One execution, on its way. */
    private final class Walk {
        private final String id;
        private final StateMachine other;
        private final MemoryRows otherRows = new MemoryRows();
        private final Map<Long, Task> open = new HashMap<>();
        private final Map<Wait, Child> waiting = new HashMap<>();
        private Optional<Recorded> recorded = Optional.empty();
        private Surroundings.Moment last = new Surroundings.Moment(Instant.EPOCH, 0, 0);

        Walk(String id, StateMachine other) {
            this.id = id;
            this.other = other;
        }

        /** Takes a step; tells what is in the way, if something is. */
        Optional<Verdict.CannotTell> take(RecordedStore.Stored stored) {
            var record = stored.record();
            return switch (replayer.run(id, record, replayer.rowsBefore(id, record))) {
                case Replayed.Ran ran -> {
                    var opened = ran.opened();
                    if (!ran.made().getEffectsDigest().equals(opened.getEffectsDigest())) {
                        yield cannot(Verdict.Reason.TOUCHED, "step " + record.getStep());
                    }
                    var hash = Hashes.sha256(stored.bytes());
                    note(ran, opened);
                    if (recorded.orElseThrow().same) {
                        recorded.orElseThrow().same = doesTheSame(opened, hash);
                    }
                    replayer.keep(ran, hash);
                    yield Optional.empty();
                }
                case Replayed.NotRun(var obstacle, var detail) ->
                    switch (obstacle) {
                        case SEALED, PURGED -> cannot(Verdict.Reason.SEALED, detail);
                        case NO_STEP, OTHER_SEMANTICS, STATE_UNKNOWN -> cannot(Verdict.Reason.OTHER_SEMANTICS, detail);
                    };
                case Replayed.Impossible(var path, var why) ->
                    cannot(Verdict.Reason.TOUCHED, "step " + record.getStep() + ", " + path + ": " + why);
            };
        }

        private static Optional<Verdict.CannotTell> cannot(Verdict.Reason reason, String detail) {
            return Optional.of(new Verdict.CannotTell(reason, detail));
        }

        /** Whether the step has the same effects by the other definition, and runs it. */
        private boolean doesTheSame(HistoryRecord record, String hash) {
            var rows = new ExecutionRows(otherRows, id, record.getDeadlines());
            try {
                var step = RecordedStep.of(id, record, rows, other);
                var done = Interpreter.step(rows, step.run().command(), step.inputs());
                if (!Arrays.equals(EffectsDigest.sha256(done.effects()), digest(record))) {
                    return false;
                }
                var changes = done.rows().stream()
                        .filter(change -> !(change instanceof RowChange.PutAnswered))
                        .toList();
                rows.apply(
                        changes,
                        new Chain(
                                step.run().chain().step() + 1, hash, step.run().now()));
                return true;
            } catch (RuntimeException | StackOverflowError e) {
                // Rows of one definition may be nonsense to another.
                return false;
            }
        }

        private static byte[] digest(HistoryRecord record) {
            return Utils.toArray(record.getEffectsDigest());
        }

        private void note(Replayed.Ran ran, HistoryRecord record) {
            var run = ran.recorded().run();
            if (recorded.isEmpty()) {
                recorded = Optional.of(new Recorded(run.identity(), run.command(), record.getNow(), run.limits()));
            }
            var known = recorded.get();
            command(run.command(), record, known);
            for (var effect : ran.step().effects()) {
                late(run.command(), effect, record.getNow());
                effect(effect, record, known);
            }
        }

        private void command(Command command, HistoryRecord record, Recorded known) {
            var now = record.getNow();
            last = new Surroundings.Moment(now, record.getSeed(), record.getStep());
            if (isStray(command, known)) {
                var nudge = new Command.Heartbeat(NO_TICKET, "", now);
                known.beats.step(nudge, last);
                known.orders.add(new Surroundings.Order(now, nudge));
                return;
            }
            known.beats.step(command, last);
            switch (command) {
                case Command.CompleteTask(var ticket, var _, var output, var appended) ->
                    end(ticket, appended, now, after -> new End.Completed(after, output));
                case Command.FailTask(var ticket, var _, var error, var cause, var appended) ->
                    end(ticket, appended, now, after -> new End.Failed(after, error, cause));
                case Command.StartTask(var ticket, var _, var worker, var appended) ->
                    Optional.ofNullable(open.get(ticket))
                            .ifPresent(
                                    task -> task.taken.add(new Taken(Duration.between(task.asked, appended), worker)));
                case Command.Heartbeat(var ticket, var _, var appended) ->
                    Optional.ofNullable(open.get(ticket))
                            .ifPresent(task -> task.heard.add(Duration.between(task.asked, appended)));
                case Command.FireTimer(var ticket, var due) -> end(ticket, due, now, End.TimedOut::new);
                case Command.HearOfChild(var ticket, var _, var item, var report, var appended) ->
                    Optional.ofNullable(waiting.get(new Wait(ticket, item.orElse(NO_ITEM))))
                            .ifPresent(child -> child.tells(appended, report));
                case Command.CancelChild _ -> {
                    known.isGivenUp |= known.outcome.isEmpty();
                    known.orders.add(new Surroundings.Order(now, command));
                }
                case Command.Redrive redrive when redrive.parent().isPresent() -> {}
                case Command.Stop _, Command.Pause _, Command.Resume _, Command.Redrive _, Command.UpdateMapRun _ ->
                    known.orders.add(new Surroundings.Order(now, command));
                case Command.Start _, Command.StartChild _, Command.Continue _ -> {}
            }
        }

        /**
         * Whether a command was for a task or a timer that was over: it came to nothing itself, but the execution went on by it with what was
         * left to do. A heartbeat of no task does the same.
         */
        private boolean isStray(Command command, Recorded known) {
            return switch (command) {
                case Command.FireTimer(var ticket, var _) -> !known.beats.isRunning(ticket);
                case Command.CompleteTask _, Command.FailTask _, Command.StartTask _, Command.Heartbeat _ ->
                    !open.containsKey(Beats.ticket(command));
                case Command.Start _,
                        Command.StartChild _,
                        Command.CancelChild _,
                        Command.HearOfChild _,
                        Command.Continue _,
                        Command.Stop _,
                        Command.Pause _,
                        Command.Resume _,
                        Command.Redrive _,
                        Command.UpdateMapRun _ -> false;
            };
        }

        /** There are no more steps. */
        void end() {
            recorded.ifPresent(known -> known.beats.over(
                    last,
                    known.tasks.stream()
                            .filter(task -> task.request.heartbeat().isPresent())
                            .map(task -> task.request.ticket())
                            .collect(Collectors.toSet())));
        }

        /**
         * @param at when what ends it was sent or due
         * @param now when it ended by that
         */
        private void end(long ticket, Instant at, Instant now, Function<Duration, End> how) {
            var task = open.get(ticket);
            if (task != null && task.end instanceof End.Open) {
                task.end = how.apply(Duration.between(task.asked, at));
                task.until = Duration.between(task.asked, now);
            }
        }

        /** An answer or a sign of life that came when the task's time was up, and before its timer: it is that which timed the task out. */
        private void late(Command command, Effect effect, Instant now) {
            if (!(effect instanceof Effect.CancelTimer(var ticket, var due)) || ticket != Beats.ticket(command)) {
                return;
            }
            var task = open.get(ticket);
            if (task != null && Beats.appended(command).filter(due::isBefore).isPresent()) {
                task.missed = Optional.of(Duration.between(task.asked, due));
                end(ticket, due, now, End.TimedOut::new);
            }
        }

        private void effect(Effect effect, HistoryRecord record, Recorded known) {
            switch (effect) {
                case Effect.RequestTask request -> {
                    var task = new Task(request, record.getNow());
                    open.put(request.ticket(), task);
                    known.tasks.add(task);
                }
                case Effect.EndTask(var ticket, var _) -> {
                    end(ticket, record.getNow(), record.getNow(), End.Aborted::new);
                    open.remove(ticket);
                }
                case Effect.StartChild start -> start(start, record.getNow(), known);
                case Effect.RecordHistory(var event) -> {
                    known.way.add(known.identity.arn(), event);
                    if (event.type() == HistoryEventType.EXECUTION_REDRIVEN) {
                        known.outcome = Optional.empty();
                    }
                }
                case Effect.Close(var outcome) -> known.outcome = Optional.of(outcome);
                case Effect.StartTimer(var ticket, var due, var _) -> known.beats.timer(ticket, due);
                case Effect.Continue(var ticket) -> known.beats.yielded(ticket, record.getNow());
                case Effect.CancelTimer(var ticket, var due) -> known.beats.cancelled(ticket, due, last);
                case Effect.CancelChild _,
                        Effect.RedriveChild _,
                        Effect.TellParent _,
                        Effect.Answer _,
                        Effect.AwaitResume _,
                        Effect.AwaitTurn _,
                        Effect.ReleaseTurn _,
                        Effect.ReleaseTask _ -> {}
            }
        }

        private void start(Effect.StartChild start, Instant now, Recorded known) {
            var child = new Child(start, now);
            var item = start.parent().item();
            waiting.put(
                    new Wait(
                            start.parent().ticket(),
                            item.map(Parent.MapItem::index).orElse(NO_ITEM)),
                    child);
            (item.isPresent() ? known.items : known.children).add(child);
        }
    }
}
