package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.execution.History.Details;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The children of a frame in a Parallel or Map state: created, joined and aborted, a bounded number of them a step. */
final class Children {
    private final StepBuilder step;

    Children(StepBuilder step) {
        this.step = step;
    }

    /**
     * Lets a frame have its children, which are created one by one. Its state's input is put into a row of its own meanwhile: the
     * frame is written for every child, and must stay small.
     */
    void begin(FrameRow frame, Phase.Joining joining) {
        var rows = step.rows();
        rows.put(withoutInput(frame).in(joining));
        rows.push(joining.total() == 0 ? firstJoin(frame.path()) : new Work.Spawn(frame.path()));
    }

    /** Puts the input of a frame's state aside, for as long as its children run. */
    FrameRow withoutInput(FrameRow frame) {
        step.rows().putStateInput(frame.path(), frame.data());
        return frame.with(Document.EMPTY_OBJECT);
    }

    /** Joins children that have all ended, of a frame that did not wait for them here. */
    void beginJoin(FrameRow frame, int total) {
        step.rows().put(frame.in(new Phase.Joining(total, total, total, total, 0)));
        step.rows().push(firstJoin(frame.path()));
    }

    void spawn(FramePath path) {
        var frame = step.rows().frame(path);
        if (frame.phase() instanceof Phase.Joining joining && joining.hasRoom()) {
            switch (step.definitionOf(frame)) {
                case State.Parallel parallel -> branch(frame, joining, parallel);
                case State.Map map -> step.iterations().spawn(frame, joining, map);
                case State.Pass _, State.Task _, State.Choice _, State.Wait _, State.Succeed _, State.Fail _ ->
                    throw new IllegalStateException("state '" + frame.state() + "' has no children");
            }
        }
    }

    private void branch(FrameRow frame, Phase.Joining joining, State.Parallel parallel) {
        var whole = frame.with(step.rows().stateInput(frame.path()));
        create(
                frame,
                joining,
                parallel.branches().get(joining.started()).startAt(),
                step.states().branchInput(whole, parallel),
                frame.previousEventId(),
                Optional.empty());
    }

    /** Creates the next child, which runs before any other is created. */
    void create(
            FrameRow frame,
            Phase.Joining joining,
            String startAt,
            Document input,
            long previousEventId,
            Optional<Document> item) {
        var rows = step.rows();
        step.countChild();
        var next = joining.oneStarted();
        rows.put(frame.in(next));
        if (next.hasRoom()) {
            rows.push(new Work.Spawn(frame.path()));
        }
        var child = frame.path().child(joining.started());
        rows.put(new FrameRow(
                child, startAt, input, Map.of(), new Phase.Ready(), previousEventId, 0, step.now(), List.of(), item));
        rows.push(new Work.Run(child));
    }

    /** A child's last state has ended well. */
    void ended(FrameRow child, Document result) {
        var parent = parentOf(child);
        var last = step.iterations().succeeded(parent, child);
        keep(parent, joiningOf(parent).oneEnded(), child, result, last);
    }

    /** A child's result waits to be joined. */
    private void keep(FrameRow parent, Phase.Joining joining, FrameRow child, Document result, long last) {
        var rows = step.rows();
        rows.put(child.asResult(result));
        var all = joining.ended() == joining.total();
        rows.put(parent.in(joining).after(all ? last : child.previousEventId()));
        if (all) {
            rows.push(firstJoin(parent.path()));
        } else if (joining.hasRoom()) {
            rows.pushOnce(new Work.Spawn(parent.path()));
        }
    }

    private FrameRow parentOf(FrameRow child) {
        return step.rows().frame(child.path().parent());
    }

    private static Phase.Joining joiningOf(FrameRow parent) {
        if (parent.phase() instanceof Phase.Joining joining) {
            return joining;
        }
        throw new IllegalStateException("a child of " + parent.path() + " ended while that was " + parent.phase());
    }

    private Work.Join firstJoin(FramePath path) {
        return new Work.Join(path, step.fan(), 1, 0);
    }

    void join(Work.Join join) {
        var rows = step.rows();
        var frame = rows.frame(join.path());
        if (!(frame.phase() instanceof Phase.Joining joining)) {
            return;
        }
        var total = joining.total();
        var gathered = JsonNodeFactory.instance.arrayNode();
        var group = Math.multiplyExact(join.stride(), join.fan());
        for (long child = join.next();
                child < Math.min((long) total, (long) join.next() + group);
                child += join.stride()) {
            gather(rows.frame(join.path().child((int) child)), join.stride(), gathered);
            if (child > join.next()) {
                rows.deleteFrame(join.path().child((int) child));
            }
            step.countChild();
        }
        var results = Document.of(gathered);
        if (results.bytes() > step.inputs().limits().payloadBytes()) {
            var failure = step.failures().tooLarge(frame.state());
            failFrom(step.mapRunEnds().failedIn(frame, failure), total, failure, Optional.empty());
        } else if (total <= group) {
            if (total > 0) {
                rows.deleteFrame(join.path().child(0));
            }
            step.states().childrenJoined(whole(frame), results);
        } else {
            var first = rows.frame(join.path().child(join.next()));
            rows.put(first.with(results).in(new Phase.Ended()));
            var next = (long) join.next() + group;
            rows.push(
                    next < total
                            ? new Work.Join(join.path(), join.fan(), join.stride(), (int) next)
                            : new Work.Join(join.path(), join.fan(), group, 0));
        }
    }

    private static void gather(FrameRow child, int stride, ArrayNode into) {
        if (stride == 1 && child.phase() instanceof Phase.Halted) {
            return;
        }
        if (stride == 1) {
            into.add(child.data().tree());
        } else {
            child.data().tree().forEach(into::add);
        }
    }

    /** A frame whose children are all over, with its state's input back if that was put aside. */
    FrameRow whole(FrameRow frame) {
        var whole = step.rows().findStateInput(frame.path()).map(frame::with).orElse(frame);
        step.rows().deleteStateInput(frame.path());
        return whole;
    }

    /**
     * A child has failed. If that is one too many, its siblings are aborted, then the state of the frame they are in fails as it
     * did.
     */
    void failed(FrameRow child, Failure failure) {
        var parent = parentOf(child);
        var joining = joiningOf(parent);
        var last = step.iterations().failed(parent, child);
        recordAborted(child, child.previousEventId());
        if (joining.tolerated() > 0) {
            keep(parent, joining.oneTolerated(), child, Failures.errorOutput(failure), last);
            return;
        }
        var reason = step.iterations().reason(parent, failure);
        var resumed = resumed(parent, joining, reason);
        if (resumed.isEmpty()) {
            step.rows().deleteFrame(child.path());
        } else if (!(child.phase() instanceof Phase.Suspended)) {
            step.rows().put(child.in(new Phase.Halted()));
        }
        failFrom(parent.after(child.previousEventId()), rowsOf(parent, joining), reason, resumed);
    }

    /** What a frame goes on in if the execution ends by this failure of its state, and is redriven. */
    private Optional<Phase> resumed(FrameRow frame, Phase.Joining joining, Failure failure) {
        return switch (step.redriving().rowsAfter(frame, failure)) {
            case KEPT -> Optional.of(joining);
            case DROPPED -> Optional.empty();
        };
    }

    /** A frame's children cannot go on: they are aborted, then its state fails. */
    void fail(FrameRow frame, Phase.Joining joining, Failure failure) {
        failFrom(frame, rowsOf(frame, joining), failure, resumed(frame, joining, failure));
    }

    private void failFrom(FrameRow frame, int children, Failure failure, Optional<Phase> resumed) {
        var rows = step.rows();
        rows.put(frame.in(new Phase.Failing(children, failure, resumed)));
        rows.dropWork(frame.path());
        rows.push(new Work.Abort(frame.path(), 0));
    }

    /** Behind which child there are no more rows: of a Map, items wait in the rows of children to come. */
    private int rowsOf(FrameRow frame, Phase.Joining joining) {
        return step.definitionOf(frame) instanceof State.Map ? joining.total() : joining.started();
    }

    /**
     * Begins to abort a frame's children, if it has any, before the frame itself ends.
     *
     * @param because the history event that all this follows from
     * @param fate what becomes of their rows
     */
    boolean startAborting(FrameRow frame, long because, Fate fate) {
        if (fate == Fate.KEPT && frame.phase().isAtRest()) {
            return false;
        }
        var phase = frame.phase() instanceof Phase.Suspended(var resumed) ? resumed : frame.phase();
        if (phase instanceof Phase.Mapping(var ticket)) {
            step.mapRunEnds().abort(frame.after(because).in(phase), ticket, fate);
            return true;
        }
        var children = childrenOf(frame);
        children.ifPresent(count -> {
            step.rows()
                    .put(frame.in(new Phase.Aborting(count, resumed(frame.phase(), fate)))
                            .after(because));
            step.rows().push(new Work.Abort(frame.path(), 0));
        });
        return children.isPresent();
    }

    /** What a frame that is aborted goes on in when redriven; one whose results are being joined has to begin with all of it. */
    private static Optional<Phase> resumed(Phase phase, Fate fate) {
        if (fate == Fate.DROPPED) {
            return Optional.empty();
        }
        return switch (phase) {
            case Phase.Joining joining -> Optional.<Phase>of(joining).filter(_ -> joining.ended() < joining.total());
            case Phase.Failing failing -> failing.resumed();
            case Phase.Aborting aborting -> aborting.resumed();
            case Phase.Ready _,
                    Phase.Retrying _,
                    Phase.AwaitingTask _,
                    Phase.Sleeping _,
                    Phase.BackingOff _,
                    Phase.Mapping _,
                    Phase.Pending _,
                    Phase.Ended _,
                    Phase.Halted _,
                    Phase.Suspended _ -> Optional.empty();
        };
    }

    private Optional<Integer> childrenOf(FrameRow frame) {
        return switch (frame.phase()) {
            case Phase.Joining joining -> Optional.of(rowsOf(frame, joining));
            case Phase.Suspended(Phase.Joining joining) -> Optional.of(rowsOf(frame, joining));
            case Phase.Failing failing -> Optional.of(failing.children());
            case Phase.Aborting aborting -> Optional.of(aborting.children());
            case Phase.Ready _,
                    Phase.Retrying _,
                    Phase.AwaitingTask _,
                    Phase.Sleeping _,
                    Phase.BackingOff _,
                    Phase.Mapping _,
                    Phase.Pending _,
                    Phase.Ended _,
                    Phase.Halted _,
                    Phase.Suspended _ -> Optional.empty();
        };
    }

    /** What becomes of the rows inside a frame that is failing or aborting. */
    private static Fate fateInside(FrameRow frame) {
        var kept = frame.phase() instanceof Phase.Failing(var _, var _, var resumed) && resumed.isPresent()
                || frame.phase() instanceof Phase.Aborting(var _, var goesOn) && goesOn.isPresent();
        return kept ? Fate.KEPT : Fate.DROPPED;
    }

    void abort(FramePath path, int next) {
        var rows = step.rows();
        var frame = rows.frame(path);
        if (next >= childrenOf(frame).orElse(0)) {
            abortedAll(frame);
            return;
        }
        step.countChild();
        var child = rows.findFrame(path.child(next));
        rows.push(new Work.Abort(path, next + child.map(Children::covered).orElse(1)));
        child.ifPresent(present -> abort(frame, present, fateInside(frame)));
    }

    private void abort(FrameRow frame, FrameRow child, Fate fate) {
        var rows = step.rows();
        if (startAborting(child, frame.previousEventId(), fate)) {
            return;
        }
        switch (fate) {
            case KEPT -> {
                if (!child.phase().isAtRest()) {
                    recordAborting(frame, child);
                    rows.put(child.in(new Phase.Halted()));
                }
            }
            case DROPPED -> {
                recordAborting(frame, child);
                rows.deleteFrame(child.path());
            }
        }
    }

    private void recordAborting(FrameRow frame, FrameRow child) {
        step.tasks().recordDue(child);
        recordAbortedWithIteration(child, frame.previousEventId());
        step.waits().abort(child);
    }

    private static int covered(FrameRow child) {
        return child.phase() instanceof Phase.Pending(var count) ? count : 1;
    }

    /** Nothing is left inside a frame that was to end, but what a redrive goes on with. */
    void abortedAll(FrameRow frame) {
        var rows = step.rows();
        if (frame.phase() instanceof Phase.Failing(var _, var failure, var resumed)) {
            step.failures().fail(resumed.isPresent() ? frame : whole(frame), failure);
            return;
        }
        var suspended = frame.phase() instanceof Phase.Aborting(var _, var resumed)
                ? resumed.map(Phase.Suspended::new)
                : Optional.<Phase.Suspended>empty();
        if (!frame.path().isRoot()) {
            recordAbortedWithIteration(frame, frame.previousEventId());
        }
        if (suspended.isPresent()) {
            rows.put(frame.in(suspended.get()));
        } else if (frame.path().isRoot() || fateInside(parentOf(frame)) == Fate.KEPT) {
            rows.put(whole(frame).in(new Phase.Halted()));
        } else {
            rows.deleteStateInput(frame.path());
            rows.deleteFrame(frame.path());
        }
        if (frame.path().isRoot()) {
            step.lifecycle().conclude();
        }
    }

    /** Of an execution that ends, AWS tells no more of what was still going on. */
    private void recordAbortedWithIteration(FrameRow child, long because) {
        if (step.rows().closing().isEmpty()) {
            recordAborted(child, because);
            step.iterations().aborted(parentOf(child), child, because);
        }
    }

    /** Tells of a state that has been entered, was not left, and never will be; AWS does so even of the task that failed. */
    private void recordAborted(FrameRow child, long because) {
        step.states().abortedType(child).ifPresent(type -> step.history().add(because, type, Details.none()));
    }
}
