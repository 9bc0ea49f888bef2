package io.stepstream.cli;

import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Phases;
import io.stepstream.integrations.items.store.BucketSettings;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code stepstream dev}: everything in one JVM, until Ctrl-C. */
@Command(
        name = "dev",
        description = "Runs Kafka, orchestrator and gateway in one JVM, on loopback, until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class DevCommand implements Callable<Integer> {

    @Mixin
    private final StackOptions options = new StackOptions();

    @Mixin
    private final EdgeOptions edge = new EdgeOptions();

    private final PrintWriter out;

    DevCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        var phases = new Phases();
        Optional<BucketSettings> buckets = options.buckets();
        try (var interrupt = new Interrupt();
                DevStack stack = DevStack.start(
                        options.openFolder(), options.ports(), options.arns(), edge.settings(), phases)) {
            buckets.ifPresent(stack::serveItems);
            Greeting.print(out, stack, phases, options.timings());
            // After the greeting: nobody waits for them to use the rest.
            var running = stack.serveIntegrations(System.getProperties(), System.getenv());
            out.printf(
                    Locale.ROOT,
                    "built-in workers in %.1f s: %s%n",
                    phases.sinceJvmStart().toMillis() / 1000.0,
                    String.join(", ", running));
            interrupt.await();
            out.println("stopping");
        }
        return 0;
    }
}
