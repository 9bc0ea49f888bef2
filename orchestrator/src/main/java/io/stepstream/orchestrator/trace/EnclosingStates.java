package io.stepstream.orchestrator.trace;

import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.FrameRow;
import io.stepstream.asl.execution.HistoryEvent;
import io.stepstream.asl.execution.Phase;
import io.stepstream.orchestrator.steps.StepRun;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which state is within which, told by the events of a step: each follows another one, and is in the state that was entered last before it
 * and not left. States are named by the ids of the events that entered them; 0 is the execution itself.
 */
final class EnclosingStates {
    private static final long EXECUTION = 0;

    private final StepRun run;
    /** After an event: in which state. */
    private final Map<Long, Long> in = new HashMap<>();

    private final Map<Long, Long> around = new HashMap<>();
    private final Map<Long, String> entered = new LinkedHashMap<>();
    private final Set<Long> exited = new HashSet<>();

    /**
     * Follows the events of a step.
     *
     * @param before the frames that the step changes, as they were
     */
    EnclosingStates(StepRun run, List<FrameRow> before, List<Effect> effects) {
        this.run = run;
        for (var frame : before) {
            var outer = stateAround(frame);
            if (isInState(frame) || isHalted(frame)) {
                around.put(frame.enteredEventId(), outer);
                in.put(frame.previousEventId(), frame.enteredEventId());
            } else {
                in.putIfAbsent(frame.previousEventId(), outer);
            }
        }
        for (var effect : effects) {
            if (effect instanceof Effect.RecordHistory(var event)) {
                follow(event);
            }
        }
    }

    private void follow(HistoryEvent event) {
        long state = in.getOrDefault(event.previousEventId(), EXECUTION);
        var type = event.type().wireName();
        if (type.endsWith("StateEntered")) {
            entered.put(
                    event.id(),
                    event.details().get("name") instanceof HistoryEvent.Detail.Text(var name) ? name : type);
            around.put(event.id(), state);
            state = event.id();
        } else if (type.endsWith("StateExited")) {
            exited.add(state);
            state = around(state);
        }
        in.put(event.id(), state);
    }

    /** The state that a state is in. */
    long around(long state) {
        return around.getOrDefault(state, EXECUTION);
    }

    /** The states that were entered, by name, in their order. */
    Map<Long, String> entered() {
        return entered;
    }

    /** Whether a state was left as it is meant to be. */
    boolean isExited(long state) {
        return exited.contains(state);
    }

    private long stateAround(FrameRow frame) {
        return frame.path().isRoot()
                ? EXECUTION
                : run.rows()
                        .frame(frame.path().parent())
                        .map(FrameRow::enteredEventId)
                        .orElse(EXECUTION);
    }

    /** Whether a frame is in a state: it has entered it, and neither left it nor ended with it. */
    static boolean isInState(FrameRow frame) {
        return frame.enteredEventId() > 0 && !frame.phase().isAtRest();
    }

    /** Whether a frame's execution ended while it was in its state, into which a redrive brings it back. */
    static boolean isHalted(FrameRow frame) {
        return frame.enteredEventId() > 0
                && (frame.phase() instanceof Phase.Halted || frame.phase() instanceof Phase.Suspended);
    }
}
