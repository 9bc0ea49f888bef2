package io.stepstream.cli;

import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Phases;
import java.io.PrintWriter;
import java.util.Locale;

/** What dev mode says once it answers. */
final class Greeting {

    private Greeting() {}

    static void print(PrintWriter out, DevStack stack, Phases phases, boolean timings) {
        double seconds = phases.sinceJvmStart().toMillis() / 1000.0;
        out.printf(Locale.ROOT, "ready in %.1f s%n", seconds);
        out.printf("  gateway   %s%n", stack.gateway());
        out.printf("  Kafka     %s%n", stack.bootstrapServers());
        out.printf("  registry  %s%n", stack.registry());
        out.printf("  data      %s%n", stack.folder().root().toAbsolutePath().normalize());
        stack.buckets().forEach((name, directory) -> out.printf("  bucket    %s: %s%n", name, directory));
        out.println(
                stack.isOpen()
                        ? "Open to everybody on this machine, and to nobody else: for development only. Ctrl-C stops it."
                        : "The gateway asks who calls; Kafka and the registry are open to everybody on this machine. Ctrl-C stops it.");
        if (timings) {
            phases.all()
                    .forEach(phase -> out.printf("  %6d ms +%5d ms  %s%n", phase.began(), phase.took(), phase.name()));
        }
        out.flush();
    }
}
