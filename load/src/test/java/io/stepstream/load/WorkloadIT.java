package io.stepstream.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of workloads besides how many executions there were. */
class WorkloadIT {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void countsTheItemsOfAMap() throws Exception {
        var report = Bench.run(
                SmallBench.settings(folder, Workload.FAN_OUT, 40, new BenchSettings.Nothing()),
                new SmallBench.Phases());
        var line = Json.parse(report.json(), JsonNode.class);
        assertThat(line.get("executions").asInt()).isEqualTo(40);
        assertThat(line.get("ratioToCeiling").isNull()).isTrue();
        assertThat(line.get("msPerItem").asDouble()).isPositive();
        assertThat(line.get("msPerItemOfATenth").asDouble()).isPositive();
    }

    @Test
    void countsVerdictsWhileOtherCallsWait() throws Exception {
        var report = Bench.run(
                SmallBench.settings(folder, Workload.GATEWAY, 60, new BenchSettings.Nothing()),
                new SmallBench.Phases());
        var line = Json.parse(report.json(), JsonNode.class);
        assertThat(line.get("executions").asInt()).isEqualTo(60);
        assertThat(line.get("waitingCalls").asInt()).isEqualTo(50);
        for (var member : List.of("execPerSec", "p99Ms", "verdictP99Ms", "atRateVerdictP99Ms", "atRateEndP99Ms")) {
            assertThat(line.get(member).asDouble()).as(member).isPositive();
        }
        assertThat(line.get("gatewayHeapsAfterGcMiB")).hasSize(2);
    }
}
