package io.stepstream.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine in turn with the ceiling, and with another: the line's shape, and that both do the same work by the same settings. */
class BenchIT {
    /** As the peers' kit and issue 4 write it, in this order. */
    private static final List<String> MEMBERS = List.of(
            "peer",
            "version",
            "workload",
            "executions",
            "execPerSec",
            "tasksPerSec",
            "p50Ms",
            "p90Ms",
            "p99Ms",
            "serverCpuMsPerExec",
            "rssPeakMiB",
            "startupMs",
            "foreignCpuShare",
            "durability",
            "stepsPerSec",
            "ceilingStepsPerSec",
            "ratioToCeiling",
            "heapAfterGcMiB",
            "recordsPerStep",
            "bytesPerStep");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void measuresTheEngineAndTheCeiling() throws Exception {
        var phases = new SmallBench.Phases();
        var flushing = Map.of(BenchSettings.FLUSH, "1");
        var report = Bench.run(
                SmallBench.settings(folder, Workload.THREE_TASKS, 60, new BenchSettings.Ceiling(), flushing), phases);

        var line = Json.parse(report.json(), JsonNode.class);
        var members = new ArrayList<String>();
        line.fieldNames().forEachRemaining(members::add);
        assertThat(members).startsWith(MEMBERS.toArray(String[]::new));
        assertThat(line.get("peer").asText()).isEqualTo("stepstream");
        assertThat(line.get("executions").asInt()).isEqualTo(60);
        assertThat(line.get("durability").asText()).isEqualTo("one Kafka broker, fsync before ack, exactly once");
        for (var member : MEMBERS) {
            assertThat(line.get(member)).as(member).isNotNull();
            if (line.get(member).isNumber() && !member.equals("foreignCpuShare")) {
                assertThat(line.get(member).asDouble()).as(member).isPositive();
            }
        }

        // The ceiling moves what the engine moves. Its partial records are owed to whole ones per partition.
        assertThat(line.get("ceilingRecordsPerStep").asDouble())
                .isBetween(
                        line.get("recordsPerStep").asDouble() * 0.97,
                        line.get("recordsPerStep").asDouble() * 1.03);
        assertThat(line.get("ceilingBytesPerStep").asDouble())
                .isBetween(
                        line.get("bytesPerStep").asDouble() * 0.97,
                        line.get("bytesPerStep").asDouble() * 1.03);
        assertThat(printed(report))
                .contains("Settings of engine and ceiling, the same for both")
                .contains("processing.guarantee = exactly_once_v2")
                .contains("topic stepstream.history: 2 partitions");
        assertThat(line.get("ratioByTurn")).hasSize(3);
        assertThat(phases.seen).containsSubsequence("three tasks", "starting ceiling", "three tasks", "three tasks");
        assertThat(phases.seen).contains("starting engine", "three tasks", "starting ceiling");
    }

    @Test
    void measuresTwoEnginesThatDiffer() throws Exception {
        var another = new BenchSettings.Another(
                Map.of("num.stream.threads", "2"), List.of("-Xmx200m"), System.getProperty("java.class.path"));
        var report = Bench.run(SmallBench.settings(folder, Workload.THREE_TASKS, 60, another), new SmallBench.Phases());
        var line = Json.parse(report.json(), JsonNode.class);
        assertThat(line.get("ratioToCeiling").isNull()).isTrue();
        assertThat(line.get("ratioToAnother").asDouble()).isPositive();
        assertThat(line.get("durability").asText()).isEqualTo("one Kafka broker, page cache (no fsync), exactly once");
        assertThat(line.get("ratioByTurn")).hasSize(3);
        assertThat(line.get("anotherRecordsPerStep").asDouble())
                .isBetween(
                        line.get("recordsPerStep").asDouble() * 0.97,
                        line.get("recordsPerStep").asDouble() * 1.03);
        assertThat(printed(report))
                .contains("num.stream.threads = 1")
                .contains("of the other one: num.stream.threads = 2")
                .contains("of the other one: -Xmx200m");
    }

    private static String printed(BenchReport report) {
        var text = new StringWriter();
        report.print(new PrintWriter(text));
        return text.toString();
    }
}
