package io.stepstream.cli.serve;

import io.stepstream.cli.Interrupt;
import io.stepstream.cli.dev.Trouble;
import io.stepstream.gateway.Gateway;
import io.stepstream.gateway.GatewaySettings;
import io.stepstream.schemas.registry.IncompatibleSchema;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code stepstream gateway}: one callback gateway, until it is told to stop. */
@Command(
        name = "gateway",
        description = "Runs a callback gateway until Ctrl-C or SIGTERM; settings as docs/configuration.md says.",
        mixinStandardHelpOptions = true)
public final class GatewayCommand implements Callable<Integer> {

    @Mixin
    private final ConfigOption config = new ConfigOption();

    private final PrintWriter out;

    public GatewayCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (var interrupt = new Interrupt();
                var gateway = Gateway.start(GatewaySettings.of(config.settings()))) {
            Ready.announce(out, gateway.uri(), gateway::awaitReady);
            interrupt.await();
        } catch (IllegalArgumentException
                | IllegalStateException
                | IncompatibleSchema
                | IOException
                | UncheckedIOException e) {
            throw new Trouble("the gateway cannot start: " + e.getMessage(), e);
        }
        return 0;
    }
}
