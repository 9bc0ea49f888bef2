package io.stepstream.cli;

import picocli.CommandLine.Command;

/** {@code stepstream views}: the read side. */
@Command(
        name = "views",
        description = "Keeps the read side: what queries are answered from.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class ViewsCommand {}
