package io.stepstream.cli.limits;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code stepstream limits}: how many executions of a state machine, and how many tasks of a name, run at once. */
@Command(
        name = "limits",
        description = "Limits how many executions of a state machine, or tasks of a name, run at once.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
public final class LimitsCommand {
    private LimitsCommand() {}

    /** The command with what it does. */
    public static CommandLine commandLine(PrintWriter out) {
        return new CommandLine(new LimitsCommand())
                .addSubcommand(new ListCommand(out))
                .addSubcommand(new SetCommand(out))
                .addSubcommand(new RemoveCommand(out));
    }
}
