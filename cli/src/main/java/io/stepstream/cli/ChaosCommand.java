package io.stepstream.cli;

import io.stepstream.chaos.Chaos;
import io.stepstream.chaos.ChaosSettings;
import io.stepstream.chaos.fault.Fault;
import io.stepstream.chaos.fault.FaultPlan;
import io.stepstream.chaos.fault.Layout;
import io.stepstream.cli.dev.Trouble;
import io.stepstream.load.BenchFailed;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code stepstream chaos}: random executions among random faults, and whether every promise was kept. */
@Command(
        name = "chaos",
        description = {
            "Runs random executions on brokers, engines and workers in processes of their own, kills and pauses them at random,",
            "then reads from the topics whether every promise was kept. Linux only. The last line tells the violations."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every promise was kept",
            "1:there are violations, a standby was too slow, or the run broke off",
            "2:wrong use",
            "3:it did not come to rest: what is open may be on its way, or stuck"
        },
        mixinStandardHelpOptions = true)
final class ChaosCommand implements Callable<Integer> {
    private static final int RECOVERY_SECONDS = 15;
    private static final int BROKEN = 1;
    private static final int NOT_AT_REST = 3;
    private static final Duration PAUSE = Duration.ofSeconds(10);

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long executions are started and faults done (default: 5).")
    private double minutes = 5;

    @Option(names = "--seed", paramLabel = "S", description = "Of all that is random (default: any; it is printed).")
    private @Nullable Long seed;

    @Option(
            names = "--brokers",
            paramLabel = "N",
            defaultValue = "1",
            description = "1, or 3 with a replication factor of 3 and a minimum of 2 in sync (default: 1).")
    private int brokers = 1;

    @Option(
            names = "--engines",
            paramLabel = "N",
            defaultValue = "1",
            description = "Engines; with more than one, each partition has a standby (default: 1).")
    private int engines = 1;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "20",
            description = "Executions started a second, as long as they are kept up with (default: 20).")
    private double rate = 20;

    @Option(names = "--partitions", paramLabel = "N", defaultValue = "4", description = "Of the engine (default: 4).")
    private int partitions = 4;

    @Option(
            names = "--fault",
            paramLabel = "KIND",
            description =
                    "A kind of fault that is done; give one option for each (default: all): ${COMPLETION-CANDIDATES}.")
    private List<Fault> faults = List.of();

    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            defaultValue = ".stepstream-chaos",
            description = "Folder for data and logs, emptied at the start (default: .stepstream-chaos).")
    private Path dataDir = Path.of(".stepstream-chaos");

    private final PrintWriter out;

    ChaosCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        try {
            var report = Chaos.run(settings(), this::tell);
            report.checked().violations().forEach(out::println);
            var slow = engines > 1
                    && report.slowestRecovery()
                            .filter(took -> took.toSeconds() >= RECOVERY_SECONDS)
                            .isPresent();
            if (slow) {
                out.println("a standby took over only after " + RECOVERY_SECONDS + " s or more");
            }
            out.println(report.line());
            if (!report.checked().violations().isEmpty() || slow) {
                return BROKEN;
            }
            return report.checked().unrest().isPresent() ? NOT_AT_REST : 0;
        } catch (BenchFailed e) {
            throw new Trouble(String.valueOf(e.getMessage()), e);
        }
    }

    private void tell(String what) {
        out.println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + " " + what);
    }

    private ChaosSettings settings() {
        try {
            return new ChaosSettings(
                    seed == null ? ThreadLocalRandom.current().nextInt(1_000_000) : seed,
                    Duration.ofMillis((long) (minutes * 60_000)),
                    rate,
                    new Layout(
                            brokers,
                            engines,
                            partitions,
                            dataDir.toAbsolutePath().normalize(),
                            Layout.SHORT_RUN),
                    new FaultPlan(
                            faults.isEmpty() ? EnumSet.allOf(Fault.class) : EnumSet.copyOf(faults), List.of(), PAUSE));
        } catch (IllegalArgumentException e) {
            throw new Unusable(String.valueOf(e.getMessage()));
        }
    }
}
