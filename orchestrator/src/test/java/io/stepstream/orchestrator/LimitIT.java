package io.stepstream.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Arns;
import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.LimitStateMachine;
import io.stepstream.schemas.avro.LimitTask;
import io.stepstream.schemas.avro.PauseStateMachine;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits on a real broker, with executions in two partitions and an engine that is killed: none is lost, none is too many. */
class LimitIT {
    private static final String WORK = """
            {"StartAt":"A","States":{
              "A":{"Type":"Task","Resource":"arn:aws:states:us-east-1:000000000000:activity:work","Next":"B"},
              "B":{"Type":"Task","Resource":"arn:aws:states:us-east-1:000000000000:activity:work","End":true}}}""";
    private static final String MACHINE = Arns.DEFAULT.stateMachine("limited");
    private static final int EXECUTIONS = 20;
    private static final String PROBE = "probe-";
    private static final int MOST_EXECUTIONS = 6;
    private static final int MOST_TASKS = 3;

    @Test
    void whatWaitsIsLetBeginThoughTheEngineDies(@TempDir Path folder) throws Exception {
        try (var kafka = new Installation(folder)) {
            var process = kafka.process();
            try {
                var revision = kafka.create("limited", WORK, "work").getRevision();
                accepted(kafka, LimitKeys.task("work"), new LimitTask("work", MOST_TASKS));
                accepted(kafka, MACHINE, new LimitStateMachine(MACHINE, MOST_EXECUTIONS));
                var probes = startUntil(kafka, revision, HistoryRecord::getStateMachineLimited)
                        + startUntil(
                                kafka, revision, record -> !record.getLimited().isEmpty());
                for (var i = 0; i < EXECUTIONS; i++) {
                    var call = kafka.sendStart("limited", revision, "n" + i, "{}");
                    assertThat(kafka.verdict(call).getRefusal()).isNull();
                }
                var tasks = 2 * (EXECUTIONS + probes);
                var answered = new HashSet<String>();
                for (var killed = 0; answered.size() < tasks; ) {
                    if (answered.size() >= 12 * (killed + 1) && killed < 3) {
                        killed++;
                        process.destroyForcibly().waitFor();
                        process = kafka.process();
                    }
                    kafka.await(() -> !open(kafka, answered).isEmpty());
                    var open = open(kafka, answered);
                    assertThat(open.stream().filter(request -> !isProbe(request)))
                            .hasSizeLessThanOrEqualTo(MOST_TASKS);
                    // The last first: the others keep their turns meanwhile.
                    var request = open.getLast();
                    answered.add(request.getIdempotencyKey());
                    kafka.answer(request, new TaskSucceeded(Payloads.of("{}")));
                }
                for (var i = 0; i < EXECUTIONS; i++) {
                    assertThat(kafka.end(Arns.DEFAULT.execution("limited", "n" + i))
                                    .getStatus())
                            .isEqualTo("SUCCEEDED");
                }
                assertThat(requests(kafka)).hasSize(tasks);
            } finally {
                process.destroyForcibly().waitFor();
            }
            try (var orchestrator = kafka.orchestrator()) {
                // The last turns are given back in the moment after the last status.
                kafka.await(() -> limits(orchestrator.api())
                        .equals("{\"limits\":[{\"key\":\"" + MACHINE + "\",\"max\":6,\"running\":0,\"queued\":0},"
                                + "{\"key\":\"task work\",\"max\":3,\"running\":0,\"queued\":0}]}"));
            }
        }
    }

    /** As that of a limit, the news of a pause is for every partition. */
    @Test
    void aPauseIsHeardInEveryPartition(@TempDir Path folder) throws Exception {
        try (var kafka = new Installation(folder);
                var orchestrator = kafka.orchestrator()) {
            assertThat(orchestrator.obstacles()).isEmpty();
            var revision = kafka.create("limited", WORK, "work").getRevision();
            accepted(kafka, MACHINE, new PauseStateMachine(MACHINE));
            assertThat(startUntil(kafka, revision, HistoryRecord::getStateMachinePaused))
                    .isPositive();
        }
    }

    private static void accepted(Installation kafka, String key, Object body) {
        assertThat(kafka.verdict(kafka.command(key, body)).getRefusal()).isNull();
    }

    /** Starts executions in each partition until a step in each tells that it has heard; how many it took. */
    private static int startUntil(Installation kafka, String revision, Predicate<HistoryRecord> heard) {
        var started = new ArrayList<String>();
        kafka.await(() -> {
            for (var partition = 0; partition < Installation.PARTITIONS; partition++) {
                var name = PROBE + UUID.randomUUID();
                while (partition(Arns.DEFAULT.execution("limited", name)) != partition) {
                    name = PROBE + UUID.randomUUID();
                }
                kafka.verdict(kafka.sendStart("limited", revision, name, "{}"));
                started.add(name);
            }
            return kafka.all(Topics.HISTORY, HistoryRecord.class).stream()
                            .filter(heard)
                            .map(record -> partition(record.getExecutionArn()))
                            .distinct()
                            .count()
                    == Installation.PARTITIONS;
        });
        return started.size();
    }

    private static int partition(String executionArn) {
        return Topics.partitionOf(Arns.executionId(executionArn), Installation.PARTITIONS);
    }

    private static boolean isProbe(TaskRequest request) {
        return request.getExecutionArn().contains(PROBE);
    }

    private static List<TaskRequest> requests(Installation kafka) {
        return kafka.all(Topics.taskRequests("work"), TaskRequest.class);
    }

    private static List<TaskRequest> open(Installation kafka, Set<String> answered) {
        return requests(kafka).stream()
                .filter(request -> !answered.contains(request.getIdempotencyKey()))
                .toList();
    }

    private static String limits(URI api) {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(api.resolve("/internal/limits"))
                                    .header("Authorization", "Bearer secret")
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
