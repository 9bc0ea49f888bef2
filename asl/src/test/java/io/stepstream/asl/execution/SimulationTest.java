package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
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
        LongStream.range(SEED, SEED + MACHINES).parallel().forEach(seed -> {
            run(seed, RandomMachine.Temper.CALM, coverage);
            run(seed, RandomMachine.Temper.ROUGH, coverage);
        });
        System.out.println(coverage.table());
        if (MACHINES >= 5000) {
            assertThat(coverage.surprises()).as("seed %d", SEED).isEmpty();
        }
    }

    /** Every other machine starts executions of its own. */
    private static void run(long seed, RandomMachine.Temper temper, Coverage coverage) {
        var company = seed % 2 == 0 ? RandomMachine.Company.ALONE : RandomMachine.Company.WITH_CHILDREN;
        var simulation = new Simulation(new Random(seed), coverage, temper, company);
        try {
            switch (temper) {
                case CALM -> simulation.runCalmly();
                case ROUGH -> simulation.runRoughly();
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "-Dsimulation.machines=1 -Dsimulation.seed=" + seed + " (" + temper + "): "
                            + simulation.definition(),
                    e);
        }
    }
}
