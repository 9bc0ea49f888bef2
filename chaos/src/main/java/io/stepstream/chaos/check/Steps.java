package io.stepstream.chaos.check;

import io.stepstream.asl.execution.ChildReport;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.Step;
import io.stepstream.asl.execution.Verdict;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.replay.Interpreters;
import io.stepstream.audit.replay.Replayed;
import io.stepstream.audit.replay.Replayer;
import io.stepstream.audit.replay.Revisions;
import io.stepstream.chaos.check.Asked.Wait;
import io.stepstream.orchestrator.steps.RowStore;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Continued;
import io.stepstream.schemas.avro.Event;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.PausedBy;
import io.stepstream.schemas.avro.ResumedBy;
import io.stepstream.schemas.avro.TaskChange;
import io.stepstream.schemas.avro.TimerFired;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What the history says, step by step: each is run again by {@code asl}, so that everything that it had to send and to set is known, not
 * only that it was the step.
 */
final class Steps {
    private static final String HISTORY = Topics.HISTORY;

    private final Asked asked;
    private final Pauses pauses;
    private final RecordCodec codec;
    private final Replayer replayer;
    private final Consumer<Violation> violations;
    private final Map<String, Execution> executions = new LinkedHashMap<>();
    private final Map<Wait, Task> tasks = new HashMap<>();
    private final Map<Wait, Timer> timers = new HashMap<>();
    private final Map<String, Deque<Place>> toBeSent = new HashMap<>();
    private final Set<String> answeredRequests = new HashSet<>();
    private Instant last = Instant.EPOCH;

    /** What is known of an execution. */
    static final class Execution {
        final String arn;
        final Place started;
        Optional<Place> ended = Optional.empty();
        /** Number of the step that the last status is of. */
        long statusStep;

        String status = "";
        /** Since which step it is paused, if it is. */
        Optional<Place> paused = Optional.empty();
        /** What it is to be told by when its state machine is resumed, if that holds it. */
        Optional<Long> awaitsResume = Optional.empty();

        boolean redriven;
        boolean wasPaused;
        /** From some step on it cannot be run again: what it should do is not known. */
        boolean lost;

        Execution(String arn, Place started) {
            this.arn = arn;
            this.started = started;
        }

        String stateMachineArn() {
            return Arns.DEFAULT.stateMachine(Arns.stateMachineName(arn));
        }
    }

    /** How a task ended. */
    record Outcome(Place place, String change, Object command, Instant now) {}

    /** A task that was asked for; one that a child does has no request. */
    static final class Task {
        final Place place;
        final boolean requested;
        final boolean hasHeartbeat;
        final Optional<Instant> deadline;
        Optional<Outcome> outcome = Optional.empty();

        Task(Place place, boolean requested, boolean hasHeartbeat, Optional<Instant> deadline) {
            this.place = place;
            this.requested = requested;
            this.hasHeartbeat = hasHeartbeat;
            this.deadline = deadline;
        }
    }

    record Timer(Place place, Instant due) {}

    /** Rows in memory. */
    private static final class MemoryRows implements RowStore {
        private final Map<Bytes, byte[]> rows = new HashMap<>();

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

    private Steps(Asked asked, Pauses pauses, RecordCodec codec, Revisions revisions, Consumer<Violation> violations) {
        this.asked = asked;
        this.pauses = pauses;
        this.codec = codec;
        this.replayer = new Replayer(Interpreters.known(), revisions, new MemoryRows());
        this.violations = violations;
    }

    static Steps read(
            Recording recording, Asked asked, Pauses pauses, RecordCodec codec, Consumer<Violation> violations) {
        var steps = new Steps(asked, pauses, codec, Revisions.read(recording.log()), violations);
        recording.read(HISTORY, steps::take);
        return steps;
    }

    Map<String, Execution> executions() {
        return executions;
    }

    Map<Wait, Task> tasks() {
        return tasks;
    }

    /** Timers that are set. */
    Map<Wait, Timer> timers() {
        return timers;
    }

    /** What is to be in the topics of requests and of internal records; taken out as it is found. */
    Map<String, Deque<Place>> toBeSent() {
        return toBeSent;
    }

    /** Request ids of the commands that made a step. */
    Set<String> answeredRequests() {
        return answeredRequests;
    }

    /** The time of the last step. */
    Instant last() {
        return last;
    }

    private void take(LogRecord at) {
        var place = new Place(HISTORY, at.partition(), at.offset());
        var record = Asked.decode(codec, at, HistoryRecord.class);
        var id = Arns.executionId(record.getExecutionArn());
        last = record.getNow().isAfter(last) ? record.getNow() : last;
        var execution = executions.computeIfAbsent(id, _ -> new Execution(record.getExecutionArn(), place));
        if (tells(record, "ExecutionRedriven"::equals)) {
            execution.redriven = true;
            execution.ended = Optional.empty();
        } else if (execution.ended.isPresent() && !isAfterTheEnd(record)) {
            violated(Rule.END, place, id, "a step after the end at " + execution.ended.get());
        }
        pauses.step(place, id, execution.stateMachineArn(), record, command(id, execution, place, record));
        Optional.ofNullable(record.getCaller().getRequestId()).ifPresent(answeredRequests::add);
        record.getTasks().forEach(change -> change(id, place, record, change));
        if (record.getCommand() instanceof TimerFired fired) {
            fired(id, place, fired);
        }
        if (!execution.lost) {
            run(id, execution, place, record);
        }
    }

    /** Where the step's command is, if it is in a topic. */
    private Optional<Place> command(String id, Execution execution, Place place, HistoryRecord record) {
        var identity = Identity.of(id, record);
        var found = identity.flatMap(asked::take);
        if (identity.isPresent() && found.isEmpty() && !isWoken(execution, record)) {
            violated(
                    Rule.COMMAND,
                    place,
                    id,
                    "a step for a command that is in no topic, or had its step: " + identity.get());
        }
        return found;
    }

    /** What a pause of its state machine held is woken by the partition that it is in, once. */
    private static boolean isWoken(Execution execution, HistoryRecord record) {
        if (record.getCommand() instanceof Continued goOn
                && execution.awaitsResume.equals(Optional.of(goOn.getTicket()))) {
            execution.awaitsResume = Optional.empty();
            return true;
        }
        return false;
    }

    private static boolean tells(HistoryRecord record, Predicate<String> type) {
        return record.getEvents().stream().map(Event::getType).anyMatch(type);
    }

    /** What a closed execution may still hear, and note. */
    private static boolean isAfterTheEnd(HistoryRecord record) {
        return record.getEvents().isEmpty() && record.getTasks().isEmpty();
    }

    private void change(String id, Place place, HistoryRecord record, TaskChange change) {
        var wait = new Wait(id, change.getTicket());
        if (change.getChange().equals("REQUESTED")) {
            var before = tasks.get(wait);
            if (before != null) {
                violated(
                        Rule.TICKET, place, id, "ticket " + wait.ticket() + " was given out before at " + before.place);
            }
            var heartbeat = record.getEvents().stream()
                    .flatMap(event -> event.getDetails().stream())
                    .anyMatch(detail -> detail.getField().equals("heartbeatInSeconds"));
            tasks.put(wait, new Task(place, true, heartbeat, Optional.ofNullable(change.getDeadline())));
            return;
        }
        var task = tasks.computeIfAbsent(wait, _ -> new Task(place, false, false, Optional.empty()));
        if (task.outcome.isPresent()) {
            violated(
                    Rule.TICKET,
                    place,
                    id,
                    "ticket " + wait.ticket() + " ends " + change.getChange() + " and ended "
                            + task.outcome.get().change() + " before at "
                            + task.outcome.get().place());
        }
        task.outcome = Optional.of(new Outcome(place, change.getChange(), record.getCommand(), record.getNow()));
    }

    /** Heartbeats move deadlines without a record, so a timer of theirs fires for another time than it was first set for. */
    private void fired(String id, Place place, TimerFired fired) {
        var wait = new Wait(id, fired.getTicket());
        var timer = timers.remove(wait);
        var task = tasks.get(wait);
        var moves = task != null && task.hasHeartbeat;
        if (timer == null) {
            violated(Rule.TIMER, place, id, "timer " + wait.ticket() + " fired, and was not set, or has fired before");
        } else if (!moves && !timer.due().equals(fired.getDue())) {
            violated(
                    Rule.TIMER,
                    place,
                    id,
                    "timer " + wait.ticket() + " fired for " + fired.getDue() + ", and was set for " + timer.due()
                            + " at " + timer.place());
        }
    }

    private void run(String id, Execution execution, Place place, HistoryRecord record) {
        switch (replayer.run(id, record, replayer.rowsBefore(id, record))) {
            case Replayed.Ran ran -> {
                // The chain is the audit's business: here only what the step does counts.
                replayer.keep(ran, "00");
                if (ran.made().getStep() != record.getStep()) {
                    lose(
                            execution,
                            place,
                            id,
                            "step " + record.getStep() + " is the " + ran.made().getStep() + ". of its execution");
                    return;
                }
                ran.status().ifPresent(status -> {
                    execution.statusStep = status.getStep();
                    execution.status = status.getStatus();
                });
                effects(id, execution, place, ran.step());
                pauses(id, execution, place, record, ran.step());
            }
            case Replayed.NotRun(var obstacle, var detail) -> lose(execution, place, id, obstacle + " " + detail);
            case Replayed.Impossible(var path, var why) -> lose(execution, place, id, path + " " + why);
        }
    }

    /** Follows the execution's own pauses; what is paused, by itself or with its state machine, begins nothing. */
    private void pauses(String id, Execution execution, Place place, HistoryRecord record, Step step) {
        var accepted = step.effects().stream().anyMatch(effect -> effect instanceof Effect.Answer(Verdict.Accepted _));
        if (accepted && record.getCommand() instanceof PausedBy) {
            execution.paused = execution.paused.or(() -> Optional.of(place));
            execution.wasPaused = true;
        } else if (accepted && record.getCommand() instanceof ResumedBy) {
            execution.paused = Optional.empty();
        }
        var begins =
                record.getTasks().stream().anyMatch(task -> task.getChange().equals("REQUESTED"))
                        || tells(record, Steps::isBeginning);
        if (begins && (execution.paused.isPresent() || record.getStateMachinePaused())) {
            violated(
                    Rule.PAUSE,
                    place,
                    id,
                    "something is begun, though "
                            + execution
                                    .paused
                                    .map(since -> "it is paused since " + since)
                                    .orElse("its state machine is paused"));
        }
    }

    private static boolean isBeginning(String event) {
        return event.endsWith("StateEntered") || event.endsWith("Scheduled") || event.equals("MapIterationStarted");
    }

    private void lose(Execution execution, Place place, String id, String why) {
        execution.lost = true;
        violated(Rule.HISTORY, place, id, "the step cannot be run again: " + why);
    }

    private void effects(String id, Execution execution, Place place, Step step) {
        for (var effect : step.effects()) {
            switch (effect) {
                case Effect.RequestTask task -> {
                    switch (task.turn()) {
                        case AT_ONCE ->
                            send(request(Topics.taskRequests(task.name()), id, task.ticket(), task.token()), place);
                        case IN_ORDER -> send(Identity.ask(id, LimitKeys.task(task.name()), task.ticket()), place);
                    }
                }
                case Effect.ReleaseTask(var ticket, var name) ->
                    send(Identity.endTurn(id, LimitKeys.task(name), ticket), place);
                case Effect.AwaitTurn(var ticket) -> send(Identity.ask(id, execution.stateMachineArn(), ticket), place);
                case Effect.ReleaseTurn(var ticket) ->
                    send(Identity.endTurn(id, execution.stateMachineArn(), ticket), place);
                case Effect.StartChild start ->
                    send(
                            Identity.startChild(
                                    Arns.executionId(start.executionArn()),
                                    start.parent().executionArn(),
                                    start.parent().ticket()),
                            place);
                case Effect.CancelChild(var arn, var ticket) ->
                    send(Identity.cancel(Arns.executionId(arn), execution.arn, ticket), place);
                case Effect.RedriveChild(var arn, var parent) ->
                    send(Identity.redrive(Arns.executionId(arn), parent.executionArn(), parent.ticket()), place);
                case Effect.TellParent(var parent, var report) ->
                    send(
                            Identity.report(
                                    Arns.executionId(parent.executionArn()),
                                    parent.ticket(),
                                    parent.binding(),
                                    about(report)),
                            place);
                case Effect.Continue(var ticket) -> send(Identity.goOn(id, ticket), place);
                case Effect.StartTimer(var ticket, var due, var _) ->
                    timers.put(new Wait(id, ticket), new Timer(place, due));
                case Effect.CancelTimer(var ticket, var _) -> timers.remove(new Wait(id, ticket));
                case Effect.Close _ -> execution.ended = Optional.of(place);
                case Effect.AwaitResume(var ticket) -> execution.awaitsResume = Optional.of(ticket);
                case Effect.RecordHistory _, Effect.EndTask _, Effect.Answer _ -> {}
            }
        }
    }

    private static String about(ChildReport report) {
        return switch (report) {
            case ChildReport.Started started -> "started " + started.executionArn();
            case ChildReport.Redriven redriven -> "redriven " + redriven.executionArn();
            case ChildReport.Refused refused -> "refused " + refused.subject();
            case ChildReport.Ended ended -> "ended " + ended.executionArn();
        };
    }

    /** A request of a task, as the step that asks for it and the topic of requests give it alike. */
    static String request(String topic, String id, long ticket, String token) {
        return topic + ' ' + id + ' ' + ticket + ' ' + token;
    }

    private void send(String identity, Place place) {
        toBeSent.computeIfAbsent(identity, _ -> new ArrayDeque<>()).add(place);
    }

    private void violated(Rule rule, Place place, String id, String what) {
        violations.accept(new Violation(rule, place, id, what));
    }
}
