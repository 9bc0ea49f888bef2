package io.stepstream.asl.execution;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.execution.History.Details;
import java.util.Optional;

/** Map runs that fail, or end with an outer state or their execution: their children are cancelled first, a bounded number of them a step. */
final class MapRunEnds {
    private static final String EXCEEDED = "States.ExceedToleratedFailureThreshold";

    private final StepBuilder step;

    MapRunEnds(StepBuilder step) {
        this.step = step;
    }

    /** More children have failed than may. */
    void failExceeded(WaitRow.MapRun run) {
        fail(run, Failure.of(EXCEEDED, "The specified tolerated failure threshold was exceeded"));
    }

    /** The run fails: its children are cancelled, then the state fails. */
    void fail(WaitRow.MapRun run, Failure failure) {
        var fate = step.redriving().rowsAfterRun(step.rows().frame(run.path()), failure);
        giveUp(run, new WaitRow.MapStage.Failing(failure, fate));
    }

    /** The run's frame ends with an outer one: the run's children are cancelled first. */
    void abort(FrameRow frame, long ticket, Fate fate) {
        step.rows().put(frame);
        if (step.rows().findWait(ticket).orElseThrow() instanceof WaitRow.MapRun run) {
            var given = run.stage() instanceof WaitRow.MapStage.Failing(var _, var own) && own == Fate.DROPPED
                    || run.stage() instanceof WaitRow.MapStage.Writing(var failure, var its)
                            && failure.isPresent()
                            && its == Fate.DROPPED;
            giveUp(run, new WaitRow.MapStage.Aborting(given ? Fate.DROPPED : fate));
        }
    }

    private void giveUp(WaitRow.MapRun run, WaitRow.MapStage stage) {
        step.mapTasks().abort(run);
        // Of a run that failed and whose results are kept, even those that were written still have their rows.
        var whole = run.stage() instanceof WaitRow.MapStage.Writing(var failure, var fate)
                && failure.isPresent()
                && fate == Fate.KEPT;
        var progress = whole ? run.progress().unwritten() : run.progress().withoutOutstanding();
        step.rows().put(run.with(progress).answered(run.cursor()).in(stage));
        step.rows().dropWork(run.path());
        step.rows().push(new Work.CancelItems(run.path(), 0));
    }

    /** Cancels one child, or forgets the result of one that has ended. */
    void cancel(Work.CancelItems work) {
        var rows = step.rows();
        var now = step.mapRuns().current(work.path());
        if (now.isEmpty()) {
            return;
        }
        var run = now.get().run();
        if (work.next() == run.progress().started()) {
            cancelled(now.get());
            return;
        }
        step.countChild();
        rows.push(new Work.CancelItems(work.path(), work.next() + 1));
        var path = work.path().child(work.next());
        var child = rows.findFrame(path);
        var stays = run.stage().isKept() || writesResults(now.get());
        var runs = child.map(row -> row.phase() instanceof Phase.Retrying)
                .orElse(work.next() >= run.progress().written());
        if (runs) {
            rows.emit(new Effect.CancelChild(run.childArn(work.next()), run.ticket()));
        }
        if (runs && stays) {
            step.mapResults().keepAborted(now.get().frame(), run, now.get().map(), work.next());
            rows.put(run.with(run.progress().ended(ExecutionStatus.ABORTED)));
        } else if (child.isPresent() && !stays) {
            rows.deleteFrame(path);
        }
    }

    /** Of a run that has failed because too many of its children have, there still are results, which are written. */
    private static boolean writesResults(MapRuns.Current now) {
        return now.run().stage() instanceof WaitRow.MapStage.Failing(var failure, var _)
                && failure.error().equals(Optional.of(EXCEEDED))
                && MapResults.destination(now.map()).isPresent();
    }

    private void cancelled(MapRuns.Current now) {
        var run = now.run();
        switch (run.stage()) {
            case WaitRow.MapStage.Failing(var failure, var fate)
            when writesResults(now) -> {
                step.rows().put(run.in(new WaitRow.MapStage.Writing(Optional.of(failure), fate)));
                step.rows().push(new Work.WriteResults(run.path()));
            }
            case WaitRow.MapStage.Failing(var failure, var fate) -> failed(run, now.frame(), failure, fate);
            case WaitRow.MapStage.Aborting(var fate) -> aborted(run, now.frame(), fate);
            case WaitRow.MapStage.Running _, WaitRow.MapStage.Writing _, WaitRow.MapStage.Halted _ ->
                throw new IllegalStateException("children are cancelled of a Map run that goes on");
        }
    }

    private void aborted(WaitRow.MapRun run, FrameRow frame, Fate fate) {
        if (step.rows().closing().isEmpty()) {
            step.history().add(frame.previousEventId(), HistoryEventType.MAP_RUN_ABORTED, Details.none());
        }
        var resumed = switch (fate) {
            case KEPT -> {
                step.rows().put(run.in(new WaitRow.MapStage.Halted(ExecutionStatus.ABORTED)));
                yield Optional.of(frame.phase());
            }
            case DROPPED -> {
                forget(run);
                yield Optional.<Phase>empty();
            }
        };
        step.children().abortedAll(frame.in(new Phase.Aborting(0, resumed)));
    }

    /** The run has failed, and nothing is left to be done for it: the state fails. */
    void failed(WaitRow.MapRun run, FrameRow frame, Failure failure, Fate fate) {
        switch (fate) {
            case KEPT -> {
                step.rows().put(run.in(new WaitRow.MapStage.Halted(ExecutionStatus.FAILED)));
                end(frame, failure, Optional.of(frame.phase()));
            }
            case DROPPED -> {
                forget(run);
                end(frame, failure);
            }
        }
    }

    private void forget(WaitRow.MapRun run) {
        step.mapPages().releaseAll(run);
        step.rows().deleteWait(run.ticket());
    }

    /** The run has failed, of which nothing is left, and with it the state. */
    void end(FrameRow frame, Failure failure) {
        end(step.children().whole(frame), failure, Optional.empty());
    }

    private void end(FrameRow frame, Failure failure, Optional<Phase> resumed) {
        var failed = recordFailed(frame, failure).in(new Phase.Failing(0, failure, resumed));
        step.rows().put(failed);
        step.failures().fail(failed, failure);
    }

    /** The frame of a state whose children's results are too large: of a distributed Map, with what tells of its run's failure. */
    FrameRow failedIn(FrameRow frame, Failure failure) {
        return step.definitionOf(frame) instanceof State.Map map
                        && map.distribution().isPresent()
                ? recordFailed(frame, failure)
                : frame;
    }

    private FrameRow recordFailed(FrameRow frame, Failure failure) {
        return frame.after(step.history()
                .add(
                        frame.previousEventId(),
                        HistoryEventType.MAP_RUN_FAILED,
                        Details.none().failure(failure)));
    }
}
