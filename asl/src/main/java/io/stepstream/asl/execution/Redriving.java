package io.stepstream.asl.execution;

import io.stepstream.asl.data.StatesError;
import io.stepstream.asl.definition.ErrorEquals;
import io.stepstream.asl.execution.History.Details;
import java.util.List;
import java.util.Optional;

/**
 * How an execution that did not end well goes on: states that were entered and not left are run again without being entered again, with
 * nothing of their retries used up. What had ended well inside a Parallel or Map state stays as it is (ADR 0032).
 */
final class Redriving {
    private final StepBuilder step;

    Redriving(StepBuilder step) {
        this.step = step;
    }

    /** What becomes of rows when this execution ends now and not well: kept if it can be redriven, by somebody or by its Map run. */
    Fate rowsAtEnd() {
        var rows = step.rows();
        var standard = rows.identity().kind() == ExecutionIdentity.Kind.STANDARD;
        var ofTask = rows.parent()
                .filter(parent -> parent.interest().inEnd() && parent.item().isEmpty())
                .isPresent();
        return standard && !ofTask ? Fate.KEPT : Fate.DROPPED;
    }

    /**
     * What becomes of the rows inside a frame whose state fails. They are kept if nothing retries, catches or tolerates the failure; but a
     * state whose data were too large is run again as a whole, as AWS does it.
     */
    Fate rowsAfter(FrameRow failing, Failure failure) {
        if (rowsAtEnd() == Fate.DROPPED || isOf(failure, ErrorEquals.DATA_LIMIT_EXCEEDED)) {
            return Fate.DROPPED;
        }
        var frame = failing;
        var reason = failure;
        while (!step.failures().handles(frame, reason)) {
            if (frame.path().isRoot()) {
                return Fate.KEPT;
            }
            frame = step.rows().frame(frame.path().parent());
            if (!(frame.phase() instanceof Phase.Joining joining) || joining.tolerated() > 0) {
                return Fate.DROPPED;
            }
            reason = step.iterations().reason(frame, reason);
        }
        return Fate.DROPPED;
    }

    /** The same of a Map run: AWS begins another one if its data could not be evaluated. */
    Fate rowsAfterRun(FrameRow failing, Failure failure) {
        return isOf(failure, ErrorEquals.RUNTIME) || isOf(failure, StatesError.QUERY_EVALUATION)
                ? Fate.DROPPED
                : rowsAfter(failing, failure);
    }

    private static boolean isOf(Failure failure, String error) {
        return failure.error().equals(Optional.of(error));
    }

    void redrive(Command.Redrive command) {
        command.parent().ifPresentOrElse(this::redriveChild, this::redriveByCaller);
    }

    private void redriveByCaller() {
        var rows = step.rows();
        if (!rows.exists()) {
            rows.answer(new Verdict.Refused(
                    Verdict.Refusal.EXECUTION_DOES_NOT_EXIST,
                    "Execution Does Not Exist: it was never started, or its retention is over"));
            return;
        }
        var obstacle = obstacleToCaller().or(this::obstacle);
        if (obstacle.isPresent()) {
            rows.answer(new Verdict.Refused(Verdict.Refusal.EXECUTION_NOT_REDRIVABLE, obstacle.get()));
            return;
        }
        goOn();
        rows.answer(new Verdict.Accepted(step.now()));
    }

    private Optional<String> obstacleToCaller() {
        var rows = step.rows();
        return rows.ended()
                .flatMap(_ -> RedriveObstacles.toCaller(rows.identity().kind(), rows.parent()));
    }

    /** Why the execution cannot be redriven. */
    private Optional<String> obstacle() {
        var rows = step.rows();
        var status = rows.ended().map(end -> end.status().name()).orElse("RUNNING");
        if (rows.ended().isEmpty() || status.equals("SUCCEEDED")) {
            return Optional.of(RedriveObstacles.ofStatus(status));
        }
        return rows.findFrame(FramePath.ROOT).isEmpty()
                ? Optional.of(RedriveObstacles.OVER)
                : RedriveObstacles.ofHistory(rows.nextEventId(), step.inputs().limits());
    }

    /** A Map run lets its child go on; one that is still ending does so once it has ended. */
    private void redriveChild(Parent asking) {
        var rows = step.rows();
        if (!rows.exists()) {
            tell(asking, notRedrivable(asking.item().map(Parent.MapItem::runArn).orElse("")));
            return;
        }
        var parent = rows.parent().flatMap(Parent::item).map(asking::of).orElse(asking);
        if (rows.closing().isPresent()) {
            rows.parent(parent);
            rows.pushLast(new Work.Redrive());
        } else if (rows.ended().isPresent()) {
            rows.parent(parent);
            goOnForParent();
        } else {
            rows.parent(parent);
            tell(parent, new ChildReport.Redriven(rows.identity().arn()));
        }
    }

    /** Goes on for the Map run that has asked for it, or tells it why not. */
    void goOnForParent() {
        var rows = step.rows();
        var parent = rows.parent().orElseThrow();
        if (obstacle().isPresent()) {
            tell(parent, notRedrivable(rows.identity().arn()));
            return;
        }
        tell(parent, new ChildReport.Redriven(rows.identity().arn()));
        goOn();
    }

    private static ChildReport notRedrivable(String subject) {
        return new ChildReport.Refused(ChildReport.Refusal.EXECUTION_NOT_REDRIVABLE, subject);
    }

    private void tell(Parent parent, ChildReport report) {
        step.rows().emit(new Effect.TellParent(parent, report));
    }

    private void goOn() {
        var rows = step.rows();
        var root = rows.frame(FramePath.ROOT);
        rows.redriven();
        var event = step.history()
                .add(
                        root.previousEventId(),
                        HistoryEventType.EXECUTION_REDRIVEN,
                        Details.none().number("redriveCount", rows.redrives().count()));
        step.lifecycle().startDeadline();
        step.lifecycle().awaitTurn();
        switch (rows.identity().kind()) {
            case STANDARD -> resume(root, event);
            // Of an EXPRESS child AWS starts another execution under the same ARN.
            case EXPRESS, EXPRESS_SYNC -> step.lifecycle().beginAgain(root, event);
        }
    }

    /** Lets the next of a frame's children go on that was halted. */
    void resume(Work.Resume work) {
        var rows = step.rows();
        var frame = rows.findFrame(work.path());
        if (frame.isEmpty() || !(frame.get().phase() instanceof Phase.Joining joining)) {
            return;
        }
        if (work.next() >= joining.started()) {
            if (joining.hasRoom()) {
                rows.pushOnce(new Work.Spawn(work.path()));
            }
            return;
        }
        step.countChild();
        rows.push(new Work.Resume(work.path(), work.next() + 1, work.because()));
        rows.findFrame(work.path().child(work.next())).ifPresent(child -> resume(child, work.because()));
    }

    private void resume(FrameRow frame, long because) {
        var rows = step.rows();
        var again = frame.after(because).retried(List.of());
        switch (frame.phase()) {
            case Phase.Halted() -> {
                // One that was halted between two states has still to enter the next.
                rows.put(again.in(frame.enteredEventId() == 0 ? new Phase.Ready() : new Phase.Retrying()));
                rows.push(new Work.Run(frame.path()));
            }
            case Phase.Suspended(Phase.Mapping(var ticket)) ->
                step.mapRedrives().redrive(again, ticket);
            case Phase.Suspended(var resumed) -> {
                rows.put(again.in(resumed));
                rows.push(new Work.Resume(frame.path(), 0, because));
            }
            case Phase.Ready _,
                    Phase.Retrying _,
                    Phase.AwaitingTask _,
                    Phase.Sleeping _,
                    Phase.BackingOff _,
                    Phase.Joining _,
                    Phase.Mapping _,
                    Phase.Failing _,
                    Phase.Aborting _,
                    Phase.Pending _,
                    Phase.Ended _ -> {}
        }
    }
}
