package io.stepstream.orchestrator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepstream.orchestrator.metrics.ClusterMeters;
import io.stepstream.orchestrator.metrics.Meters;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real orchestrator tells of an execution and of a request that nobody takes. */
class MetricsIT {
    private static final String WORK = """
            {"StartAt": "Work", "States": {"Work": {"Type": "Task",
              "Resource": "arn:aws:states:us-east-1:000000000000:activity:count/work", "End": true}}}""";
    private static final Pattern METER = Pattern.compile("^# HELP (stepstream_\\w+) ", Pattern.MULTILINE);

    @Test
    void anOrchestratorTellsWhatItDoes(@TempDir Path folder) throws Exception {
        try (var kafka = new Installation(folder);
                var orchestrator = kafka.orchestrator()) {
            var revision = kafka.create("counted", WORK, "count/work").getRevision();
            for (var name : new String[] {"ended", "open"}) {
                kafka.verdict(kafka.sendStart("counted", revision, name, "{}"));
            }
            var arn = Arns.DEFAULT.execution("counted", "ended");
            var request = kafka.request("count/work", Arns.executionId(arn));
            kafka.answer(request, new TaskSucceeded(Payloads.of("1")));
            kafka.end(arn);

            var page = new StringBuilder();
            kafka.await(() -> {
                page.setLength(0);
                page.append(scrape(orchestrator.api()));
                return page.indexOf("stepstream_executions_ended_total{") >= 0
                        && page.indexOf("stepstream_task_latency_seconds_count{") >= 0
                        && page.indexOf("stepstream_task_requests_waiting{task=\"count/work\"") >= 0;
            });
            assertThat(page)
                    .contains("stepstream_executions_started_total{state_machine=\"counted\"} 2.0")
                    .contains("stepstream_executions_running{state_machine=\"counted\"} 1.0")
                    .contains("stepstream_executions_ended_total{state_machine=\"counted\",status=\"SUCCEEDED\"} 1.0")
                    .contains("stepstream_verdicts_total{refusal=\"\"}")
                    .contains("kafka_stream_thread_commit_total")
                    .contains("part=\"views\"");
            assertThat(documented())
                    .containsAll(METER.matcher(page)
                            .results()
                            .map(found -> found.group(1))
                            .toList());
            kafka.send(new ProducerRecord<>(Topics.COMMANDS, "k".getBytes(UTF_8), "no command".getBytes(UTF_8)));
            waits(kafka);
        }
    }

    /** A record that is given up, and two requests, which no worker's group has ever asked for: both wait. */
    private static void waits(Installation kafka) {
        Map<String, Object> clients = Map.of("bootstrap.servers", kafka.bootstrapServers());
        var registry = new SimpleMeterRegistry();
        try (var admin = Admin.create(clients);
                var asking = ClusterMeters.start(new Meters(registry), admin, clients, Duration.ofMillis(50))) {
            assertThat(asking).isNotNull();
            kafka.await(
                    () -> registry.get("stepstream.dead.letters.end").gauge().value() > 0
                            && registry.find("stepstream.lso.lag").gauge() != null
                            && value(registry, "stepstream.task.requests.waiting") >= 2
                            && value(registry, "stepstream.task.requests.oldest.age") > 0);
        }
    }

    private static double value(SimpleMeterRegistry registry, String meter) {
        var gauge = registry.find(meter).tag("task", "count/work").gauge();
        return gauge == null ? -1 : gauge.value();
    }

    private static String scrape(URI api) {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(api.resolve("/metrics")).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static TreeSet<String> documented() throws IOException {
        var names = new TreeSet<String>();
        Pattern.compile("`(stepstream_\\w+)`")
                .matcher(Files.readString(Path.of("../docs/metrics.md")))
                .results()
                .forEach(found -> names.add(found.group(1)));
        return names;
    }
}
