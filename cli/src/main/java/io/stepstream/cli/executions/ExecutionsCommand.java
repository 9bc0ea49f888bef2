package io.stepstream.cli.executions;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code stepstream executions}: does something to many executions. */
@Command(
        name = "executions",
        description =
                "Pauses, resumes, stops or redrives executions: those that are named, or those that a search finds.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
public final class ExecutionsCommand {
    private ExecutionsCommand() {}

    /** The command with its verbs. */
    public static CommandLine commandLine(PrintWriter out) {
        var line = new CommandLine(new ExecutionsCommand());
        for (var verb : Verb.values()) {
            line.addSubcommand(EachCommand.commandLine(verb, out));
        }
        return line;
    }
}
