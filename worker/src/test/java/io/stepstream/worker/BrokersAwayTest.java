package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker while no broker can be reached. */
class BrokersAwayTest {
    /** Lanes see within 4 s that their broker is gone. */
    private static final Duration NOTICED = Duration.ofSeconds(8);

    private static final Duration MEASURED = Duration.ofSeconds(8);

    /** A share consumer that looks for its coordinator takes a core, and there are several lanes; everything else takes next to nothing. */
    private static final Duration MOST = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    @Test
    void itCostsLittleAndGoesOnByItself() throws Exception {
        try (var bench = new TaskBench(folder)) {
            bench.createTask("echo");
            try (var _ = bench.worker("w")
                    .concurrency(4)
                    .task("echo", JsonNode.class, (in, _) -> in)
                    .start()) {
                bench.request("echo", "before", "1");
                bench.results("before", 1);

                bench.stopBroker();
                bench.askInVain(NOTICED);
                var before = cpuTime();
                bench.askInVain(MEASURED);
                assertThat(cpuTime().minus(before))
                        .as("CPU time of " + MEASURED)
                        .isLessThan(MOST);

                bench.startBroker();
                bench.request("echo", "after", "2");
                assertThat(bench.results("after", 1).getFirst().getBody()).isInstanceOf(TaskSucceeded.class);
            }
        }
    }

    private static Duration cpuTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }
}
