package io.stepstream.asl.execution;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.execution.History.Details;
import java.util.Optional;

/**
 * Map runs that go on after their execution's end: children that did not end well are told to go on, as many at once as may run; results
 * of the others, and items that no child has been given, have been kept.
 */
final class MapRedrives {
    private final StepBuilder step;

    MapRedrives(StepBuilder step) {
        this.step = step;
    }

    /** Lets the run of this ticket, and the frame that is in it, go on. */
    void redrive(FrameRow frame, long ticket) {
        var rows = step.rows();
        if (!(rows.findWait(ticket).orElseThrow() instanceof WaitRow.MapRun run)) {
            throw new IllegalStateException("ticket " + ticket + " is no Map run's");
        }
        var again = run.redriven(step.now());
        var event = step.history()
                .add(
                        frame.previousEventId(),
                        HistoryEventType.MAP_RUN_REDRIVEN,
                        Details.none()
                                .text("mapRunArn", run.arn())
                                .number("redriveCount", again.redrives().count()));
        rows.put(again);
        rows.put(frame.after(event).in(new Phase.Mapping(ticket)));
        rows.pushOnce(new Work.StartItems(run.path()));
    }

    /** Looks at the next child, and tells it to go on if it did not end well. */
    void next(WaitRow.MapRun run, FrameRow frame, State.Map map) {
        var rows = step.rows();
        var progress = run.progress();
        var index = progress.redrive().next();
        rows.pushOnce(new Work.StartItems(run.path()));
        if (index == progress.started()) {
            rows.put(run.with(progress.allTold()));
            return;
        }
        step.countChild();
        var child = rows.findFrame(run.path().child(index));
        if (child.filter(row -> row.phase() instanceof Phase.Halted).isEmpty()) {
            rows.put(run.with(progress.passed()));
            return;
        }
        rows.put(child.get().in(new Phase.Retrying()));
        rows.put(run.with(progress.told()));
        rows.emit(new Effect.RedriveChild(
                run.childArn(index),
                new Parent(
                        rows.identity().arn(),
                        run.ticket(),
                        run.binding(),
                        MapResults.interest(map),
                        Optional.of(new Parent.MapItem(frame.state(), index, run.arn(), 0, Optional.empty())))));
    }

    /** A child tells of itself that this run has a row of: that it was told to go on, or how it had ended. */
    void hear(WaitRow.MapRun run, FrameRow child, Command.HearOfChild command) {
        if (child.phase() instanceof Phase.Retrying) {
            hearAsked(run, child, command.report());
        } else {
            hearLate(run, command);
        }
    }

    private void hearAsked(WaitRow.MapRun run, FrameRow child, ChildReport report) {
        var rows = step.rows();
        switch (report) {
            case ChildReport.Redriven _ -> rows.deleteFrame(child.path());
            // It was on its way when the child was told: that one cannot go on, for it has ended well.
            case ChildReport.Ended(var _, var _, var _, var _, var _, var _, Outcome.Succeeded _, var _) ->
                step.mapRuns().ended(run, child.path().index(), (ChildReport.Ended) report);
            case ChildReport.Refused _ ->
                step.mapRuns().refusedToGoOn(run, child.path().index());
            case ChildReport.Started _, ChildReport.Ended _ -> {}
        }
    }

    /** Takes what a child tells that was given up: it may have ended before it heard of that. */
    void hearLate(WaitRow.MapRun run, Command.HearOfChild command) {
        var index = command.item().orElse(-1);
        if (index < run.progress().written() || index >= run.progress().started()) {
            return;
        }
        var rows = step.rows();
        var known = rows.findFrame(run.path().child(index));
        switch (command.report()) {
            case ChildReport.Started(var arn, var _) -> rows.emit(new Effect.CancelChild(arn, run.ticket()));
            case ChildReport.Redriven(var arn) -> rows.emit(new Effect.CancelChild(arn, run.ticket()));
            case ChildReport.Ended ended -> {
                var succeeded = ended.outcome() instanceof Outcome.Succeeded;
                if (known.isEmpty()) {
                    keep(run, index, ended);
                    rows.put(run.with(run.progress().ended(ended.outcome().status(), ended.items())));
                } else if (succeeded && known.get().phase() instanceof Phase.Halted) {
                    keep(run, index, ended);
                    rows.put(run.with(run.progress().recovered(index, ended.items())));
                }
            }
            case ChildReport.Refused _ -> {}
        }
    }

    private void keep(WaitRow.MapRun run, int index, ChildReport.Ended ended) {
        var frame = step.rows().frame(run.path());
        if (step.definitionOf(frame) instanceof State.Map map) {
            step.mapResults().keep(run, frame, map, index, ended);
        }
    }
}
