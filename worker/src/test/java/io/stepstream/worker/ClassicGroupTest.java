package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers on a broker without share groups. */
class ClassicGroupTest {

    @TempDir
    static Path folder;

    private static TaskBench bench;

    @BeforeAll
    static void start() throws Exception {
        bench = TaskBench.withoutShareGroups(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        bench.close();
    }

    @Test
    void requestsAreDoneSideBySideAndWhatIsDoneIsNotDoneAgain() throws Exception {
        bench.createTask("classic");
        List<String> calls = new ArrayList<>();
        var first = new CountDownLatch(1);
        TaskHandler<String> handler = (in, task) -> {
            synchronized (calls) {
                calls.add(in);
            }
            if (in.equals("slow")) {
                first.countDown();
                new CountDownLatch(1).await();
            }
            return in;
        };
        bench.request("classic", "classic-0", "\"slow\"");
        try (var worker = bench.worker("one")
                .grace(Duration.ofMillis(1))
                .task("classic", String.class, handler)
                .start()) {
            assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
            for (int i = 1; i <= 5; i++) {
                bench.request("classic", "classic-" + i, "\"quick\"");
            }
            // The first one still runs, and keeps none of the others back.
            for (int i = 1; i <= 5; i++) {
                assertThat(bench.results("classic-" + i, 1)).hasSize(1);
            }
        }
        try (var worker = bench.worker("two")
                .task("classic", String.class, (in, task) -> in + " again")
                .start()) {
            assertThat(output("classic-0")).isEqualTo("\"slow again\"");
        }
        assertThat(calls).hasSize(6);
        assertThat(bench.results("classic-5", 1)).hasSize(1);
    }

    @Test
    void theLastDeliveryFailsTheTask() throws Exception {
        bench.createTask("deadly");
        bench.request("deadly", "deadly-1", "1");
        for (int i = 0; i < 4; i++) {
            var taken = new CountDownLatch(1);
            TaskHandler<JsonNode> never = (in, task) -> {
                taken.countDown();
                new CountDownLatch(1).await();
                return in;
            };
            try (var worker = bench.worker("dies")
                    .grace(Duration.ofMillis(1))
                    .task("deadly", JsonNode.class, never)
                    .start()) {
                assertThat(taken.await(30, TimeUnit.SECONDS)).isTrue();
            }
        }
        try (var worker = bench.worker("w")
                .task("deadly", JsonNode.class, (in, task) -> in)
                .start()) {
            assertThat(bench.results("deadly-1", 1).getFirst().getBody())
                    .isInstanceOfSatisfying(
                            TaskFailed.class,
                            failed -> assertThat(failed.getError()).isEqualTo("Stepstream.Undeliverable"));
        }
        assertThat(bench.deadLetters("deadly-1", 1)).hasSize(1);
    }

    private static String output(String id) {
        return Payloads.json(((TaskSucceeded) bench.results(id, 1).getFirst().getBody()).getOutput());
    }
}
