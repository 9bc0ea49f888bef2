package io.stepstream.cli;

import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Phases;
import io.stepstream.integrations.items.store.BucketSettings;
import java.io.PrintWriter;
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

    private final PrintWriter out;

    DevCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        var phases = new Phases();
        Optional<BucketSettings> buckets = options.buckets();
        try (var interrupt = new Interrupt();
                DevStack stack = DevStack.start(options.openFolder(), options.ports(), options.arns(), phases)) {
            buckets.ifPresent(stack::serveItems);
            Greeting.print(out, stack, phases, options.timings());
            interrupt.await();
            out.println("stopping");
        }
        return 0;
    }
}
