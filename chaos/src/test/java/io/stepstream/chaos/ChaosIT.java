package io.stepstream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.chaos.fault.Fault;
import io.stepstream.chaos.fault.FaultPlan;
import io.stepstream.chaos.fault.Layout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run on a real broker and real processes: each of two engines can take the other's place. */
class ChaosIT {
    private static final List<Fault> FAULTS = List.of(
            Fault.ENGINE_KILLED, Fault.BROKER_KILLED, Fault.WORKER_KILLED, Fault.ENGINE_PAUSED, Fault.REGISTRY_AWAY);

    @TempDir
    Path folder;

    @Test
    void everyPromiseIsKept() throws Exception {
        var seed = Long.getLong("chaos.seed", 4);
        var report = Chaos.run(
                new ChaosSettings(
                        seed,
                        Duration.ofSeconds(30),
                        10,
                        new Layout(1, 2, 2, folder),
                        new FaultPlan(EnumSet.copyOf(FAULTS), FAULTS, Duration.ofSeconds(4))),
                System.out::println);
        System.out.println(report.line());
        assertThat(report.checked().violations()).as("seed %d", seed).isEmpty();
        assertThat(report.faults()).containsKeys(FAULTS.toArray(Fault[]::new));
        assertThat(report.checked().executions()).isGreaterThan(100);
        assertThat(report.slowestRecovery())
                .as("a standby takes over")
                .hasValueSatisfying(took -> assertThat(took).isLessThan(Duration.ofSeconds(15)));
    }
}
