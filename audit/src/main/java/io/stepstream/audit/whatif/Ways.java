package io.stepstream.audit.whatif;

import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.HistoryEvent;
import io.stepstream.audit.whatif.Recorded.Cue;
import java.time.Instant;
import java.util.Optional;

/** What names a step, an event or a time in both a recording and a rehearsal. */
final class Ways {
    private static final int NO_ITEM = -1;

    private Ways() {}

    /** The name in an event's details, of the state that it is about. */
    static Optional<String> name(HistoryEvent event) {
        return event.details().get("name") instanceof HistoryEvent.Detail.Text(var name)
                ? Optional.of(name)
                : Optional.empty();
    }

    /** What a step is for: the same in a rehearsal that goes the same way. */
    static Cue cue(Command command) {
        return switch (command) {
            case Command.Start _, Command.StartChild _ -> new Cue("start", 0, NO_ITEM);
            case Command.CompleteTask task -> new Cue("answer", task.ticket(), NO_ITEM);
            case Command.FailTask task -> new Cue("answer", task.ticket(), NO_ITEM);
            case Command.StartTask task -> new Cue("take", task.ticket(), NO_ITEM);
            case Command.Heartbeat task -> new Cue("heartbeat", task.ticket(), NO_ITEM);
            case Command.FireTimer timer -> new Cue("timer", timer.ticket(), NO_ITEM);
            case Command.HearOfChild child ->
                new Cue("child", child.ticket(), child.item().orElse(NO_ITEM));
            case Command.CancelChild child -> new Cue("cancel", child.ticket(), NO_ITEM);
            case Command.Continue on -> new Cue("continue", on.ticket(), NO_ITEM);
            case Command.Stop _ -> new Cue("stop", 0, NO_ITEM);
        };
    }

    /** When a command was due; empty of those that come at once. */
    static Optional<Instant> due(Command command) {
        return switch (command) {
            case Command.CompleteTask task -> Optional.of(task.appended());
            case Command.FailTask task -> Optional.of(task.appended());
            case Command.StartTask task -> Optional.of(task.appended());
            case Command.Heartbeat task -> Optional.of(task.appended());
            case Command.HearOfChild child -> Optional.of(child.appended());
            case Command.FireTimer timer -> Optional.of(timer.due());
            case Command.Start _, Command.StartChild _, Command.CancelChild _, Command.Continue _, Command.Stop _ ->
                Optional.empty();
        };
    }
}
