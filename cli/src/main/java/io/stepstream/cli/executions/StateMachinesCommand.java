package io.stepstream.cli.executions;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code stepstream state-machines}: does something to many state machines. */
@Command(
        name = "state-machines",
        description = "Pauses or resumes state machines: those that are named, or those whose names begin so.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
public final class StateMachinesCommand {
    private StateMachinesCommand() {}

    /** The command with its verbs. */
    public static CommandLine commandLine(PrintWriter out) {
        return new CommandLine(new StateMachinesCommand())
                .addSubcommand(EachStateMachineCommand.commandLine(
                        Verb.PAUSE,
                        "Have all executions of state machines begin nothing more until they are resumed; starts are"
                                + " accepted, and wait.",
                        out))
                .addSubcommand(EachStateMachineCommand.commandLine(
                        Verb.RESUME, "Let the executions of paused state machines go on.", out));
    }
}
