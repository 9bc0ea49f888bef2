package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets a request on a real broker, and who gets it when a worker dies or stops. The id of a request names its execution. */
class SharedRequestsTest {

    @TempDir
    static Path folder;

    private static TaskBench bench;

    @BeforeAll
    static void start() {
        bench = new TaskBench(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        bench.close();
    }

    @Test
    void aRequestWhoseWorkerDiedIsDeliveredAgain() throws Exception {
        bench.createTask("again");
        bench.request("again", "again-1", "1");
        bench.takeAndDie("again", 1);

        try (var worker = bench.worker("w")
                .task("again", Integer.class, (in, task) -> in + 1)
                .start()) {
            assertThat(TaskBench.only(bench.results("again-1", 1))).isEqualTo("2");
        }
    }

    @Test
    void theLastDeliveryFailsTheTaskInsteadOfLosingIt() throws Exception {
        bench.createTask("deadly");
        bench.request("deadly", "deadly-1", "1");
        bench.takeAndDie("deadly", 4);

        try (var worker = bench.worker("w")
                .task("deadly", Integer.class, (in, task) -> in)
                .start()) {
            assertThat(TaskBench.only(bench.results("deadly-1", 1)))
                    .startsWith("Stepstream.Undeliverable: delivered 5 times");
        }
        assertThat(bench.deadLetters("deadly-1", 1)).hasSize(1);
    }

    @Test
    void aLongHandlerKeepsItsLock() throws Exception {
        bench.createTask("locked");
        bench.lock("locked", Duration.ofSeconds(2));
        bench.request("locked", "locked-1", "{}", request -> request.setHeartbeatSeconds(1L));
        var calls = new AtomicInteger();
        var longEnough = new CountDownLatch(1);
        TaskHandler<JsonNode> handler = (in, task) -> {
            calls.incrementAndGet();
            longEnough.await();
            return "done";
        };
        try (var one = bench.worker("one")
                        .task("locked", JsonNode.class, handler)
                        .start();
                var two = bench.worker("two")
                        .task("locked", JsonNode.class, handler)
                        .start()) {
            // Fifteen beats of a third of a second: the lock would have run out twice.
            bench.results("locked-1", 15);
            longEnough.countDown();
        }
        assertThat(bench.results("locked-1", 16).stream().filter(it -> it.getBody() instanceof TaskSucceeded))
                .hasSize(1);
        assertThat(calls).hasValue(1);
    }

    @Test
    void twoWorkersShareTheRequests() throws Exception {
        bench.createTask("shared");
        Set<String> workers = ConcurrentHashMap.newKeySet();
        var both = new CountDownLatch(2);
        try (var one = bench.worker("one")
                        .task("shared", String.class, taking("one", workers, both))
                        .start();
                var two = bench.worker("two")
                        .task("shared", String.class, taking("two", workers, both))
                        .start()) {
            // Neither can have all: the first request of each waits for the other's.
            for (int i = 0; i < 10; i++) {
                bench.request("shared", "shared-" + i, "\"x\"");
            }
            for (int i = 0; i < 10; i++) {
                assertThat(bench.results("shared-" + i, 1)).hasSize(1);
            }
        }
        assertThat(workers).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void closingGivesBackWhatIsNotFinished() throws Exception {
        bench.createTask("slow");
        bench.request("slow", "slow-1", "1");
        var taken = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        try (var first = bench.worker("first")
                .grace(Duration.ofMillis(1))
                .task("slow", Integer.class, (in, task) -> {
                    taken.countDown();
                    never.await();
                    return in;
                })
                .start()) {
            assertThat(taken.await(30, TimeUnit.SECONDS)).isTrue();
        }

        try (var second = bench.worker("second")
                .task("slow", Integer.class, (in, task) -> in)
                .start()) {
            assertThat(TaskBench.only(bench.results("slow-1", 1))).isEqualTo("1");
        }
        assertThat(bench.results("slow-1", 1).getFirst().getCaller().getPrincipal())
                .isEqualTo("second");
    }

    private static TaskHandler<String> taking(String name, Set<String> workers, CountDownLatch both) {
        return (in, task) -> {
            if (workers.add(name)) {
                both.countDown();
            }
            both.await();
            return name;
        };
    }
}
