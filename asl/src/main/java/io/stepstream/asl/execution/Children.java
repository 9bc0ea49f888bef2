package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.History.Details;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The children of a frame in a Parallel state: created, joined and aborted, a bounded number of them a step. */
final class Children {
    private final StepBuilder step;

    Children(StepBuilder step) {
        this.step = step;
    }

    /** Lets a frame have its children: as many as the state has, created one by one. */
    void begin(FrameRow frame, int total) {
        step.rows().put(frame.in(new Phase.Joining(total, 0, 0)));
        step.rows().push(total == 0 ? firstJoin(frame.path()) : new Work.Spawn(frame.path()));
    }

    void spawn(FramePath path) {
        var rows = step.rows();
        var frame = rows.frame(path);
        if (!(frame.phase() instanceof Phase.Joining(var total, var started, var ended)) || started == total) {
            return;
        }
        step.countChild();
        rows.put(frame.in(new Phase.Joining(total, started + 1, ended)));
        if (started + 1 < total) {
            rows.push(new Work.Spawn(path));
        }
        var child = path.child(started);
        rows.put(new FrameRow(
                child,
                step.states().childStart(frame, started),
                step.states().childInput(frame),
                Map.of(),
                new Phase.Ready(),
                frame.previousEventId(),
                0,
                step.now(),
                List.of(),
                Optional.empty()));
        rows.push(new Work.Run(child));
    }

    /** A child's last state has ended well. */
    void ended(FrameRow child, Document result) {
        var rows = step.rows();
        var parent = rows.frame(child.path().parent());
        if (!(parent.phase() instanceof Phase.Joining(var total, var started, var ended))) {
            throw new IllegalStateException("a child of " + parent.path() + " ended while that was " + parent.phase());
        }
        rows.put(child.with(result).in(new Phase.Ended()));
        rows.put(parent.in(new Phase.Joining(total, started, ended + 1)).after(child.previousEventId()));
        if (ended + 1 == total) {
            rows.push(firstJoin(parent.path()));
        }
    }

    private Work.Join firstJoin(FramePath path) {
        return new Work.Join(path, Math.max(2, step.inputs().limits().childrenPerStep()), 1, 0);
    }

    void join(Work.Join join) {
        var rows = step.rows();
        var frame = rows.frame(join.path());
        if (!(frame.phase() instanceof Phase.Joining(var total, var _, var _))) {
            return;
        }
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
            failFrom(frame, total, step.failures().tooLarge(frame.state()));
        } else if (total <= group) {
            if (total > 0) {
                rows.deleteFrame(join.path().child(0));
            }
            step.states().childrenJoined(rows.frame(join.path()), results);
        } else {
            var first = rows.frame(join.path().child(join.next()));
            rows.put(first.with(results));
            var next = (long) join.next() + group;
            rows.push(
                    next < total
                            ? new Work.Join(join.path(), join.fan(), join.stride(), (int) next)
                            : new Work.Join(join.path(), join.fan(), group, 0));
        }
    }

    private static void gather(FrameRow child, int stride, ArrayNode into) {
        if (stride == 1) {
            into.add(child.data().tree());
        } else {
            child.data().tree().forEach(into::add);
        }
    }

    /** A child has failed: its siblings are aborted, then the state of the frame they are in fails as it did. */
    void failed(FrameRow child, Failure failure) {
        var rows = step.rows();
        var parent = rows.frame(child.path().parent());
        if (!(parent.phase() instanceof Phase.Joining(var _, var started, var _))) {
            throw new IllegalStateException("a child of " + parent.path() + " failed while that was " + parent.phase());
        }
        recordAborted(child, child.previousEventId());
        rows.deleteFrame(child.path());
        failFrom(parent.after(child.previousEventId()), started, failure);
    }

    private void failFrom(FrameRow frame, int started, Failure failure) {
        var rows = step.rows();
        rows.put(frame.in(new Phase.Failing(started, failure)));
        rows.dropWork(frame.path());
        rows.push(new Work.Abort(frame.path(), 0));
    }

    /**
     * Begins to abort a frame's children, if it has any, before the frame itself ends.
     *
     * @param because the history event that all this follows from
     */
    boolean startAborting(FrameRow frame, long because) {
        var started = startedChildren(frame.phase());
        started.ifPresent(count -> {
            step.rows().put(frame.in(new Phase.Aborting(count)).after(because));
            step.rows().push(new Work.Abort(frame.path(), 0));
        });
        return started.isPresent();
    }

    private static Optional<Integer> startedChildren(Phase phase) {
        return switch (phase) {
            case Phase.Joining joining -> Optional.of(joining.started());
            case Phase.Failing failing -> Optional.of(failing.started());
            case Phase.Aborting aborting -> Optional.of(aborting.started());
            case Phase.Ready _,
                    Phase.Retrying _,
                    Phase.AwaitingTask _,
                    Phase.Sleeping _,
                    Phase.BackingOff _,
                    Phase.Ended _,
                    Phase.Halted _ -> Optional.empty();
        };
    }

    void abort(FramePath path, int next) {
        var rows = step.rows();
        var frame = rows.frame(path);
        if (next >= startedChildren(frame.phase()).orElse(0)) {
            abortedAll(frame);
            return;
        }
        step.countChild();
        rows.push(new Work.Abort(path, next + 1));
        rows.findFrame(path.child(next)).ifPresent(child -> {
            if (!startAborting(child, frame.previousEventId())) {
                if (rows.closing().isEmpty()) {
                    recordAborted(child, frame.previousEventId());
                }
                step.waits().abort(child);
                rows.deleteFrame(child.path());
            }
        });
    }

    private void abortedAll(FrameRow frame) {
        if (frame.phase() instanceof Phase.Failing(var _, var failure)) {
            step.failures().fail(frame, failure);
        } else if (frame.path().isRoot()) {
            step.lifecycle().conclude();
        } else {
            if (step.rows().closing().isEmpty()) {
                recordAborted(frame, frame.previousEventId());
            }
            step.rows().deleteFrame(frame.path());
        }
    }

    /** Tells of a state that has been entered, was not left, and never will be; AWS does so even of the task that failed. */
    private void recordAborted(FrameRow frame, long because) {
        if (!(frame.phase() instanceof Phase.Ended)) {
            step.states().abortedType(frame).ifPresent(type -> step.history().add(because, type, Details.none()));
        }
    }
}
