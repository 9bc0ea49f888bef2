package io.stepstream.cli.serve;

import io.stepstream.cli.Interrupt;
import io.stepstream.cli.dev.Trouble;
import io.stepstream.orchestrator.Orchestrator;
import io.stepstream.orchestrator.OrchestratorSettings;
import io.stepstream.schemas.registry.IncompatibleSchema;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code stepstream orchestrator}: one orchestrator, until it is told to stop. */
@Command(
        name = "orchestrator",
        description = "Runs an orchestrator until Ctrl-C or SIGTERM; settings as docs/configuration.md says.",
        mixinStandardHelpOptions = true)
public final class OrchestratorCommand implements Callable<Integer> {

    @Mixin
    private final ConfigOption config = new ConfigOption();

    private final PrintWriter out;

    public OrchestratorCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (var interrupt = new Interrupt();
                var orchestrator = Orchestrator.start(OrchestratorSettings.of(config.settings()))) {
            Ready.announce(out, orchestrator.api(), orchestrator::awaitReady);
            interrupt.await();
        } catch (IllegalArgumentException
                | IllegalStateException
                | IncompatibleSchema
                | IOException
                | RegistryUnavailable e) {
            throw new Trouble("the orchestrator cannot start: " + e.getMessage(), e);
        }
        return 0;
    }
}
