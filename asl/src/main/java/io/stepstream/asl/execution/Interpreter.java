package io.stepstream.asl.execution;

import java.util.List;

/** The interpreter of the Amazon States Language. */
public final class Interpreter {

    /** Names the meaning of {@link #step}: raised whenever the same arguments would give another step than before. */
    public static final int SEMANTICS = 5;

    private Interpreter() {}

    /**
     * What this command does to this execution.
     *
     * @param before the execution's rows as they are
     * @param command what is asked
     * @param inputs everything else that the step may depend on
     * @return row changes and effects; empty for a stale command that nobody waits for
     */
    public static Step step(Rows before, Command command, Inputs inputs) {
        if (!isRepeatable(command)) {
            return new StepBuilder(before, inputs.withoutRequestId()).apply(command);
        }
        return inputs.requestId()
                .flatMap(before::answered)
                .map(verdict -> new Step(List.of(), List.of(new Effect.Answer(verdict))))
                .orElseGet(() -> new StepBuilder(before, inputs).apply(command));
    }

    /** Whether a repeat of the command gets the first one's verdict; every heartbeat is one of its own. */
    private static boolean isRepeatable(Command command) {
        return switch (command) {
            case Command.Start _,
                    Command.CompleteTask _,
                    Command.FailTask _,
                    Command.StartTask _,
                    Command.Stop _,
                    Command.Pause _,
                    Command.Resume _,
                    Command.Redrive _,
                    Command.UpdateMapRun _ -> true;
            case Command.StartChild _,
                    Command.CancelChild _,
                    Command.HearOfChild _,
                    Command.Heartbeat _,
                    Command.FireTimer _,
                    Command.Continue _ -> false;
        };
    }
}
