package io.stepstream.cli;

import picocli.CommandLine.Command;

/** {@code stepstream demo}: the examples, played in dev mode. */
@Command(
        name = "demo",
        description = "Plays an example in dev mode.",
        synopsisSubcommandLabel = "EXAMPLE",
        mixinStandardHelpOptions = true)
final class DemoCommand {}
