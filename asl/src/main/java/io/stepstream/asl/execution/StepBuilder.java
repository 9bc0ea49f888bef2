package io.stepstream.asl.execution;

import io.stepstream.asl.definition.ErrorEquals;
import io.stepstream.asl.definition.State;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** One step in the making: the rows, the history and the concerns that a command or a piece of work touches. */
final class StepBuilder {
    private final Inputs inputs;
    private final Workspace rows;
    private final History history;
    private final Lifecycle lifecycle = new Lifecycle(this);
    private final States states = new States(this);
    private final Tasks tasks = new Tasks(this);
    private final ChildTasks childTasks = new ChildTasks(this);
    private final MapRuns mapRuns = new MapRuns(this);
    private final MapPages mapPages = new MapPages(this);
    private final MapTasks mapTasks = new MapTasks(this);
    private final MapResults mapResults = new MapResults(this);
    private final MapRunEnds mapRunEnds = new MapRunEnds(this);
    private final MapRedrives mapRedrives = new MapRedrives(this);
    private final Redriving redriving = new Redriving(this);
    private final Waits waits = new Waits(this);
    private final Failures failures = new Failures(this);
    private final Children children = new Children(this);
    private final Iterations iterations = new Iterations(this);
    private final RandomGenerator random;
    private int transitions;
    private int childrenTouched;
    private boolean resting;

    StepBuilder(Rows before, Inputs inputs) {
        this.inputs = inputs;
        random = new SeededRandom(inputs.seed());
        rows = new Workspace(before, inputs);
        history = new History(rows, inputs.limits());
    }

    Inputs inputs() {
        return inputs;
    }

    Instant now() {
        return inputs.now();
    }

    Workspace rows() {
        return rows;
    }

    History history() {
        return history;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    /** The states' definitions. */
    State definitionOf(FrameRow frame) {
        return inputs.machine().state(frame.state());
    }

    /** The step's one source of everything random. */
    RandomGenerator random() {
        return random;
    }

    /** Whether a frame goes on: neither the execution nor a frame around it is coming to its end. */
    boolean isAlive(FramePath path) {
        if (!rows.running()) {
            return false;
        }
        for (var inner = path; !inner.isRoot(); inner = inner.parent()) {
            if (!(rows.frame(inner.parent()).phase() instanceof Phase.Joining)) {
                return false;
            }
        }
        return true;
    }

    States states() {
        return states;
    }

    Tasks tasks() {
        return tasks;
    }

    ChildTasks childTasks() {
        return childTasks;
    }

    MapRuns mapRuns() {
        return mapRuns;
    }

    MapPages mapPages() {
        return mapPages;
    }

    MapTasks mapTasks() {
        return mapTasks;
    }

    MapResults mapResults() {
        return mapResults;
    }

    MapRunEnds mapRunEnds() {
        return mapRunEnds;
    }

    MapRedrives mapRedrives() {
        return mapRedrives;
    }

    Redriving redriving() {
        return redriving;
    }

    Waits waits() {
        return waits;
    }

    Failures failures() {
        return failures;
    }

    Children children() {
        return children;
    }

    Iterations iterations() {
        return iterations;
    }

    /** How many rows are put together, or taken apart, at a time. */
    int fan() {
        return Math.max(2, inputs.limits().childrenPerStep());
    }

    /** Counts a state towards the step's limit. */
    void countTransition() {
        transitions++;
    }

    /** Counts a child entered, joined or aborted towards the step's limit. */
    void countChild() {
        childrenTouched++;
    }

    /** What is left to do is left to the next step. */
    void rest() {
        resting = true;
    }

    Step apply(Command command) {
        switch (command) {
            case Command.Start start -> lifecycle.start(start);
            case Command.StartChild start -> lifecycle.startChild(start);
            case Command.CancelChild cancel -> lifecycle.cancelChild(cancel);
            case Command.HearOfChild report -> childTasks.hear(report);
            case Command.CompleteTask complete -> tasks.complete(complete);
            case Command.FailTask fail -> tasks.fail(fail);
            case Command.StartTask start -> tasks.take(start);
            case Command.Heartbeat heartbeat -> tasks.heartbeat(heartbeat);
            case Command.FireTimer timer -> waits.fire(timer);
            case Command.Stop stop -> lifecycle.stop(stop);
            case Command.Pause pause -> new Pausing(this).pause(pause);
            case Command.Resume _ -> new Pausing(this).resume();
            case Command.Redrive redrive -> redriving.redrive(redrive);
            case Command.UpdateMapRun update -> new MapRunUpdates(this).update(update);
            case Command.Continue(var ticket) -> {
                if (!rows.hear(ticket)) {
                    return rows.step();
                }
            }
        }
        failIfHistoryIsFull();
        work();
        lifecycle.confirmStart();
        return rows.step();
    }

    /** Works the agenda off, depth first, until it is empty or the step is long enough; then a continue command takes over. */
    private void work() {
        while (!isLongEnough()) {
            var next = rows.nextWork();
            if (next.isEmpty()) {
                break;
            }
            switch (next.get()) {
                case Work.Run(var path) -> states.run(path);
                case Work.Wake(var path) -> waits.wakeUp(path);
                case Work.Spawn(var path) -> children.spawn(path);
                case Work.Join join -> children.join(join);
                case Work.Abort(var path, var child) -> children.abort(path, child);
                case Work.Resume resume -> redriving.resume(resume);
                case Work.Redrive _ -> redriving.goOnForParent();
                case Work.StartItems(var path) -> mapRuns.startItems(path);
                case Work.CancelItems cancel -> mapRunEnds.cancel(cancel);
                case Work.WriteResults(var path) -> mapResults.write(path);
            }
            failIfHistoryIsFull();
        }
        if (!rows.hasWork()) {
            rows.continuing(OptionalLong.empty());
        } else if (rows.continuing().isEmpty()) {
            var ticket = rows.takeTicket();
            rows.continuing(OptionalLong.of(ticket));
            rows.emit(new Effect.Continue(ticket));
        }
        if (rows.isIdle()) {
            rows.awaitingResume(OptionalLong.empty());
        } else if (rows.awaitsStateMachine() && rows.awaitingResume().isEmpty()) {
            var ticket = rows.takeTicket();
            rows.awaitingResume(OptionalLong.of(ticket));
            rows.emit(new Effect.AwaitResume(ticket));
        }
    }

    private boolean isLongEnough() {
        var limits = inputs.limits();
        return resting
                || transitions >= limits.transitionsPerStep()
                || childrenTouched >= limits.childrenPerStep()
                || rows.outputBytes() >= limits.outputBytesPerStep();
    }

    private void failIfHistoryIsFull() {
        if (history.exhausted() && rows.running()) {
            lifecycle.close(new Outcome.Failed(
                    Optional.of(ErrorEquals.RUNTIME),
                    Optional.of("The execution reached the maximum number of history events ("
                            + inputs.limits().historyEvents() + ").")));
        }
    }
}
