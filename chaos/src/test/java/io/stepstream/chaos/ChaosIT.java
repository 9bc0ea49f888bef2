package io.stepstream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.chaos.fault.Fault;
import io.stepstream.chaos.fault.FaultPlan;
import io.stepstream.chaos.fault.Layout;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run of real processes, in which each of two engines can take the other's place. How long anything takes is not its business. */
class ChaosIT {
    /** Each of them once, and then any for the rest of the time. */
    private static final List<Fault> FIRST = List.of(Fault.ENGINE_KILLED, Fault.BROKER_KILLED, Fault.WORKER_KILLED);

    @TempDir
    Path folder;

    @Test
    void everyPromiseIsKept() throws Exception {
        var seed = Long.getLong("chaos.seed", 4);
        var report = Chaos.run(
                new ChaosSettings(
                        seed,
                        Duration.ofSeconds(20),
                        10,
                        new Layout(1, 2, 2, folder, Layout.SHORT_RUN),
                        new FaultPlan(EnumSet.allOf(Fault.class), FIRST, Duration.ofSeconds(1))),
                what -> System.out.println(LocalTime.now() + " " + what));
        System.out.println(report.line());
        assertThat(report.checked().unrest()).as("seed %d", seed).isEmpty();
        assertThat(report.checked().violations()).as("seed %d", seed).isEmpty();
        assertThat(report.faults()).containsKeys(FIRST.toArray(Fault[]::new));
        assertThat(report.checked().executions()).isGreaterThan(100);
    }
}
