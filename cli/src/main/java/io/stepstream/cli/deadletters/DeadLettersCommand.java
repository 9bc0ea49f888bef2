package io.stepstream.cli.deadletters;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code stepstream dead-letters}: what could not be used, and what becomes of it. */
@Command(
        name = "dead-letters",
        description = "Lists and shows records that could not be used, and sends them again.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
public final class DeadLettersCommand {
    private DeadLettersCommand() {}

    /** The command with what it does. */
    public static CommandLine commandLine(PrintWriter out) {
        return new CommandLine(new DeadLettersCommand())
                .addSubcommand(new ListCommand(out))
                .addSubcommand(new ShowCommand(out))
                .addSubcommand(new ResendCommand(out));
    }
}
