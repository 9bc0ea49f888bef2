package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.ErrorEquals;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.asl.execution.History.Details;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How an execution begins and ends. */
final class Lifecycle {
    private final StepBuilder step;
    /** The parent that is to hear, at the end of the step, that this execution has started. */
    private Optional<Parent> unconfirmed = Optional.empty();

    Lifecycle(StepBuilder step) {
        this.step = step;
    }

    void start(Command.Start start) {
        var rows = step.rows();
        var hash = sha256(start.input());
        if (rows.exists()) {
            var same = rows.ended().isEmpty() && rows.inputHash().equals(hash);
            rows.answer(
                    same
                            ? new Verdict.Accepted(rows.started())
                            : new Verdict.Refused(
                                    Verdict.Refusal.EXECUTION_ALREADY_EXISTS,
                                    "Execution Already Exists: '"
                                            + rows.identity().arn() + "'"));
            return;
        }
        begin(start.identity(), hash, start.input(), step.inputs().machine().startAt(), Optional.empty());
        rows.answer(new Verdict.Accepted(step.now()));
    }

    /** Starts this execution for another one. The first start of a parent's ticket counts, whatever comes after it. */
    void startChild(Command.StartChild start) {
        var rows = step.rows();
        var parent = start.parent();
        var hash = sha256(start.input());
        if (!rows.exists()) {
            rows.parent(parent.stored());
            begin(
                    start.identity(),
                    hash,
                    start.input(),
                    startAt(parent),
                    parent.item().flatMap(Parent.MapItem::value));
            unconfirmed = Optional.of(parent.stored());
        } else if (rows.parent().filter(parent::isSameWaitAs).isEmpty()) {
            join(parent, hash);
        }
    }

    /** Where the child begins: of a Map run, where the Map state's processor does. */
    private String startAt(Parent parent) {
        return parent.item()
                .map(item -> map(item).processor().startAt())
                .orElseGet(step.inputs().machine()::startAt);
    }

    /** A Map run says itself what type its children are. */
    private ExecutionIdentity identity(Command.StartChild start) {
        var given = start.identity();
        var express = start.parent()
                .item()
                .flatMap(item -> map(item).distribution())
                .filter(distribution -> distribution.executionType() == WorkflowType.EXPRESS)
                .isPresent();
        return express ? given.as(ExecutionIdentity.Kind.EXPRESS) : given;
    }

    private State.Map map(Parent.MapItem item) {
        if (step.inputs().machine().state(item.state()) instanceof State.Map map) {
            return map;
        }
        throw new IllegalStateException("state '" + item.state() + "' is no Map");
    }

    /** AWS's StartExecution finds a running execution of the same name and input; one that somebody waits for is not shared. */
    private void join(Parent parent, String hash) {
        var rows = step.rows();
        var awaited = rows.parent().filter(other -> other.interest().inEnd()).isPresent();
        var same = rows.running() && rows.inputHash().equals(hash);
        if (!same || (awaited && parent.interest().inEnd())) {
            tell(
                    parent,
                    new ChildReport.Refused(
                            ChildReport.Refusal.EXECUTION_ALREADY_EXISTS,
                            rows.identity().arn()));
            return;
        }
        if (parent.interest().inEnd()) {
            rows.parent(parent.stored());
        }
        tell(parent, new ChildReport.Started(rows.identity().arn(), rows.started()));
    }

    /** Tells the parent that this execution has started; one that ended in the same step has told more than that. */
    void confirmStart() {
        unconfirmed
                .filter(parent ->
                        step.rows().ended().isEmpty() || !parent.interest().inEnd())
                .ifPresent(parent -> tell(
                        parent,
                        new ChildReport.Started(
                                step.rows().identity().arn(), step.rows().started())));
    }

    private void tell(Parent parent, ChildReport report) {
        step.rows().emit(new Effect.TellParent(parent, report));
    }

    /** The parent does not need this execution any more, and has ceased to listen. */
    void cancelChild(Command.CancelChild cancel) {
        var rows = step.rows();
        rows.parent()
                .filter(parent -> parent.executionArn().equals(cancel.parentArn())
                        && parent.ticket() == cancel.ticket()
                        && parent.interest().inEnd()
                        && (rows.ended().isEmpty() || rows.awaitsRedrive()))
                .ifPresent(parent -> {
                    rows.parent(parent.dismissed());
                    rows.dropRedrive();
                    if (rows.running()) {
                        close(new Outcome.Aborted(Optional.empty(), Optional.empty()));
                    }
                });
    }

    private void begin(
            ExecutionIdentity identity, String hash, Document input, String startAt, Optional<Document> item) {
        var rows = step.rows();
        rows.begin(identity, hash, input);
        step.history()
                .add(
                        0,
                        HistoryEventType.EXECUTION_STARTED,
                        Details.none().data("input", input).text("roleArn", identity.roleArn()));
        startDeadline();
        rows.put(new FrameRow(
                FramePath.ROOT, startAt, input, Map.of(), new Phase.Ready(), 0, 0, step.now(), List.of(), item));
        rows.push(new Work.Run(FramePath.ROOT));
        awaitTurn();
    }

    /**
     * Has the execution begin nothing until it is its turn, if its state machine is limited. A Map run's child is part of the execution that the
     * run is of, which has a turn: it would wait for a slot that its parent does not give back before it.
     */
    void awaitTurn() {
        var rows = step.rows();
        if (step.inputs().stateMachineLimited()
                && rows.parent().flatMap(Parent::item).isEmpty()) {
            var ticket = rows.takeTicket();
            rows.turn(Optional.of(new ExecutionRow.Turn(ticket, false)));
            rows.emit(new Effect.AwaitTurn(ticket));
        }
    }

    /** Begins with its first state once more, after a history event; whose row its root frame has been, that item is its own still. */
    void beginAgain(FrameRow root, long because) {
        var rows = step.rows();
        rows.put(new FrameRow(
                FramePath.ROOT,
                startAt(rows.parent().orElseThrow()),
                rows.input(),
                Map.of(),
                new Phase.Ready(),
                because,
                0,
                step.now(),
                List.of(),
                root.item()));
        rows.push(new Work.Run(FramePath.ROOT));
    }

    /** How long the execution may last, in seconds. */
    private OptionalLong longest(ExecutionIdentity identity) {
        var own = step.inputs().machine().timeoutSeconds();
        var most = step.inputs().limits().expressSeconds();
        return switch (identity.kind()) {
            case STANDARD -> own;
            case EXPRESS, EXPRESS_SYNC -> OptionalLong.of(Math.min(own.orElse(most), most));
        };
    }

    /** Has the execution time out when it has lasted as long as it may, from now on. */
    void startDeadline() {
        longest(step.rows().identity()).ifPresent(this::startDeadline);
    }

    private void startDeadline(long seconds) {
        var due = step.now().plusSeconds(seconds);
        var ticket = step.rows().takeTicket();
        step.rows().deadline(OptionalLong.of(ticket));
        step.rows().put(new WaitRow.ExecutionDeadline(ticket, due));
        step.rows().emit(new Effect.StartTimer(ticket, due, TimerKind.DEADLINE));
    }

    void stop(Command.Stop stop) {
        var rows = step.rows();
        if (!rows.exists()) {
            rows.answer(new Verdict.Refused(
                    Verdict.Refusal.EXECUTION_DOES_NOT_EXIST,
                    "Execution Does Not Exist: it was never started, or its retention is over"));
            return;
        }
        if (rows.running()) {
            close(new Outcome.Aborted(stop.error(), stop.cause()));
        }
        rows.answer(
                new Verdict.Accepted(rows.ended().map(ExecutionRow.Ended::at).orElse(step.now())));
    }

    void timeOut(WaitRow.ExecutionDeadline wait, Instant due) {
        if (wait.due().equals(due) && step.rows().running()) {
            step.rows().deleteWait(wait.ticket());
            step.rows().deadline(OptionalLong.empty());
            close(new Outcome.TimedOut());
        }
    }

    /** Ends well, unless the history had no room for what led here: then the step ends the execution for that. */
    void succeed(FrameRow root, Document output) {
        if (step.history().exhausted()) {
            step.rows().put(root);
            return;
        }
        step.history()
                .addLast(
                        root.previousEventId(),
                        HistoryEventType.EXECUTION_SUCCEEDED,
                        Details.none().data("output", output));
        step.rows().deleteFrame(FramePath.ROOT);
        step.rows().deleteInput();
        end(new Outcome.Succeeded(output));
    }

    /** Ends the execution in another way than by its last state: at once, or once all children are aborted. */
    void close(Outcome outcome) {
        var rows = step.rows();
        rows.closing(Optional.of(outcome));
        rows.dropWork(FramePath.ROOT);
        var root = rows.frame(FramePath.ROOT);
        if (step.children()
                .startAborting(root, root.previousEventId(), step.redriving().rowsAtEnd())) {
            return;
        }
        step.waits().abort(root);
        conclude();
    }

    /** Ends a closing execution whose children, if it had any, are aborted. */
    void conclude() {
        var rows = step.rows();
        var outcome = rows.closing().orElseThrow();
        var root = rows.frame(FramePath.ROOT);
        if (!(root.phase() instanceof Phase.Suspended)) {
            rows.put(root.in(new Phase.Halted()));
        }
        switch (outcome) {
            case Outcome.Failed(var error, var cause) ->
                step.history()
                        .addLast(
                                root.previousEventId(),
                                HistoryEventType.EXECUTION_FAILED,
                                Details.none().text("error", error).text("cause", cause));
            case Outcome.TimedOut() ->
                step.history()
                        .addLast(
                                0,
                                HistoryEventType.EXECUTION_TIMED_OUT,
                                Details.none().text("error", ErrorEquals.TIMEOUT));
            case Outcome.Aborted(var error, var cause) ->
                step.history()
                        .addLast(
                                0,
                                HistoryEventType.EXECUTION_ABORTED,
                                Details.none().text("error", error).text("cause", cause));
            case Outcome.Succeeded _ -> throw new IllegalStateException("a success does not close, it succeeds");
        }
        end(outcome);
    }

    private void end(Outcome outcome) {
        var rows = step.rows();
        rows.deadline().ifPresent(step.waits()::abort);
        rows.deadline(OptionalLong.empty());
        rows.closing(Optional.empty());
        rows.dropWork(FramePath.ROOT);
        rows.ended(outcome.status());
        rows.turn().ifPresent(turn -> rows.emit(new Effect.ReleaseTurn(turn.ticket())));
        rows.turn(Optional.empty());
        rows.emit(new Effect.Close(outcome));
        if (rows.awaitsRedrive()) {
            // Its end is a status of its own: it goes on in the next step.
            step.rest();
        } else {
            rows.parent().filter(parent -> parent.interest().inEnd()).ifPresent(parent -> tellEnd(parent, outcome));
        }
    }

    private void tellEnd(Parent parent, Outcome outcome) {
        var rows = step.rows();
        var identity = rows.identity();
        var input = switch (parent.interest()) {
            case DESCRIPTION -> Optional.of(rows.input());
            case START, OUTPUT -> Optional.<Document>empty();
        };
        input.ifPresent(rows::count);
        tell(
                parent,
                new ChildReport.Ended(
                        identity.arn(),
                        identity.name(),
                        identity.stateMachineArn(),
                        input,
                        rows.started(),
                        step.now(),
                        outcome,
                        parent.item().map(Parent.MapItem::items).orElse(0)));
    }

    private static String sha256(Document input) {
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256").digest(input.text().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
