package io.stepstream.cli.audit;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code stepstream audit}: reads the recorded history of a cluster, a stopped data folder or an exported file. */
@Command(
        name = "audit",
        description = "Reads the log: verifies it, shows and exports it.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
public final class AuditCommand {

    AuditCommand() {}

    /** The command with all that it can do. */
    public static CommandLine commandLine(PrintWriter out) {
        return new CommandLine(new AuditCommand())
                .addSubcommand(new VerifyCommand(out))
                .addSubcommand(new CheckpointCommand(out))
                .addSubcommand(new KeygenCommand(out))
                .addSubcommand(new ShowCommand(out))
                .addSubcommand(ofFormats(new ExportCommand()))
                .addSubcommand(ofFormats(new ReportCommand()))
                .addSubcommand(new WhatIfCommand(out));
    }

    /** Formats are named in small letters. */
    private static CommandLine ofFormats(Object command) {
        return new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
    }
}
