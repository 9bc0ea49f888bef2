package io.stepstream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.execution.ExecutionStatus;
import io.stepstream.asl.rehearsal.Ending;
import org.junit.jupiter.api.Test;

/** Every benchmark runs, and what it measures is what it says. */
class BenchmarksTest {

    @Test
    void everyExecutionSucceeds() {
        var benchmark = new InterpreterBenchmark();
        for (var ending : new Ending[] {benchmark.pass(), benchmark.task(), benchmark.choice(), benchmark.jsonata()}) {
            assertThat(ending)
                    .isInstanceOfSatisfying(
                            Ending.Ended.class,
                            ended -> assertThat(ended.outcome().status())
                                    .as(ended.toString())
                                    .isEqualTo(ExecutionStatus.SUCCEEDED));
        }
    }

    @Test
    void aRowComesBackAsItWas() {
        var benchmark = new RowCodecBenchmark();
        assertThat(benchmark.encodeFrame()).isNotEmpty();
        assertThat(benchmark.decodeFrame().state()).isEqualTo("Charge");
    }
}
