package io.stepstream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.chaos.check.Checker;
import io.stepstream.chaos.check.ClusterRecording;
import io.stepstream.chaos.fault.Installation;
import io.stepstream.chaos.fault.Layout;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine stands still (SIGSTOP) while deadlines pass. What was appended before them wins, what was appended after them loses, whatever it
 * finds when it goes on.
 */
class DeadlineIT {
    private static final int ANSWERS = 100;
    private static final int TIMEOUT_SECONDS = 25;
    private static final String DEFINITION = """
            {"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:stepstream:kafka:::ask.waitForTaskToken",
              "Parameters": {"token.$": "$$.Task.Token"}, "TimeoutSeconds": %d, "End": true}}}""".formatted(TIMEOUT_SECONDS);

    @TempDir
    Path folder;

    @Test
    void whatWasAppendedBeforeItsDeadlineWins() throws Exception {
        try (var installation = Installation.start(new Layout(1, 1, 2, folder));
                var client = new Client(installation, List.of("ask"))) {
            var revision = client.create("approval", DEFINITION);
            for (var i = 0; i < 2 * ANSWERS; i++) {
                client.start("approval", revision, "e" + i);
            }
            var requests = client.requests(2 * ANSWERS);
            var first = requests.subList(0, ANSWERS);
            var second = requests.subList(ANSWERS, 2 * ANSWERS);
            installation.pauseEngine(0);
            first.forEach(client::answer);
            client.flush();
            assertThat(Instant.now()).as("the machine was too slow to be in time").isBefore(deadlines(first).min(Instant::compareTo).orElseThrow());
            client.passTimeUntil(deadlines(second).max(Instant::compareTo).orElseThrow());
            second.forEach(client::answer);
            client.flush();
            installation.resumeEngine(0);
            var statuses = client.ends(2 * ANSWERS);
            assertThat(first).allSatisfy(request -> assertThat(statuses).containsEntry(request.getExecutionId(), "SUCCEEDED"));
            assertThat(second).allSatisfy(request -> assertThat(statuses).containsEntry(request.getExecutionId(), "FAILED"));
            assertThat(client.verdicts(2 * ANSWERS).values()).containsOnly("accepted", "TASK_TIMED_OUT").filteredOn("accepted"::equals).hasSize(ANSWERS);
            var recording = new ClusterRecording(installation.bootstrapServers(), new HttpSchemaRegistry(installation.registry()));
            assertThat(Checker.check(recording, TokenKeys.loadOrCreate(installation.tokenKeys())).violations()).isEmpty();
        }
    }

    private static Stream<Instant> deadlines(List<TaskRequest> requests) {
        return requests.stream().map(TaskRequest::getDeadline);
    }
}
