package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random machines under random commands. {@code -Dsimulation.seed=} runs others, or one again; {@code
 * -Dsimulation.machines=} sets how many.
 */
class SimulationTest {
    private static final int MACHINES = Integer.getInteger("simulation.machines", 5000);
    private static final long SEED = Long.getLong("simulation.seed", 20261123);

    @Test
    void everyRandomExecutionKeepsEveryPromise() {
        var coverage = new Coverage();
        for (int i = 0; i < MACHINES; i++) {
            var seed = SEED + i;
            run(seed, true, coverage);
            run(seed, false, coverage);
        }
        System.out.println(coverage.table());
        if (MACHINES >= 5000) {
            assertThat(coverage.surprises()).as("seed %d", SEED).isEmpty();
        }
    }

    private static void run(long seed, boolean calm, Coverage coverage) {
        var simulation = new Simulation(new Random(seed), coverage, calm);
        try {
            if (calm) {
                simulation.runCalmly();
            } else {
                simulation.runRoughly();
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "-Dsimulation.machines=1 -Dsimulation.seed=" + seed + (calm ? " (calm)" : " (rough)") + ": "
                            + simulation.definition(),
                    e);
        }
    }
}
