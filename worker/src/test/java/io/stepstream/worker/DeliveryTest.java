package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which requests reach a handler, how many at once, and what becomes of them when a worker stops: the same by either kind of group. */
class DeliveryTest {
    private static final int PATIENCE = 30;
    private static final Map<Group, TaskBench> BENCHES = new EnumMap<>(Group.class);

    enum Group {
        SHARE,
        CLASSIC;

        TaskBench bench() {
            return Objects.requireNonNull(BENCHES.get(this));
        }
    }

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws Exception {
        BENCHES.put(Group.SHARE, new TaskBench(folder.resolve("share")));
        BENCHES.put(Group.CLASSIC, TaskBench.withoutShareGroups(folder.resolve("classic")));
    }

    @AfterAll
    static void stop() throws Exception {
        for (var bench : BENCHES.values()) {
            bench.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestOfAnAbortedTransactionIsNeverDone(Group group) throws Exception {
        var bench = group.bench();
        bench.createTask("committed");
        bench.requestInVain("committed", "aborted-1", "\"aborted\"");
        bench.request("committed", "committed-1", "\"committed\"");
        Queue<String> done = new ConcurrentLinkedQueue<>();

        try (var worker = bench.worker("w")
                .task("committed", String.class, (in, task) -> {
                    done.add(in);
                    return in;
                })
                .start()) {
            assertThat(bench.results("committed-1", 1)).hasSize(1);
        }
        assertThat(done).containsExactly("committed");
    }

    @ParameterizedTest
    @EnumSource
    void soManyHandlersOfANameRunAtOnceAndNoMore(Group group) throws Exception {
        var bench = group.bench();
        bench.createTask("limited");
        bench.createTask("beside");
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var two = new CountDownLatch(2);
        var go = new CountDownLatch(1);
        TaskHandler<Integer> limited = (in, task) -> {
            assertThat(Thread.currentThread().isVirtual()).isTrue();
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            two.countDown();
            go.await();
            running.decrementAndGet();
            return in;
        };
        try (var worker = bench.worker("w")
                .concurrency(2)
                .task("limited", Integer.class, limited)
                .task("beside", Integer.class, (in, task) -> in)
                .start()) {
            for (int i = 0; i < 6; i++) {
                bench.request("limited", "limited-" + i, "1");
            }
            assertThat(two.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
            // Another name is not held up, and by its answer there was time for a third.
            bench.request("beside", "beside-1", "1");
            assertThat(bench.results("beside-1", 1)).hasSize(1);
            assertThat(running).hasValue(2);
            go.countDown();
            for (int i = 0; i < 6; i++) {
                assertThat(bench.results("limited-" + i, 1)).hasSize(1);
            }
        }
        assertThat(most).hasValue(2);
    }

    @ParameterizedTest
    @EnumSource
    void closingFinishesWhatIsDoneInTimeAndTakesNothingMore(Group group) throws Exception {
        var bench = group.bench();
        bench.createTask("finishes");
        bench.request("finishes", "finished-1", "\"in hand\"");
        var taken = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var first = bench.worker("first")
                .concurrency(1)
                .grace(Duration.ofSeconds(PATIENCE))
                .task("finishes", String.class, (in, task) -> {
                    taken.countDown();
                    go.await();
                    return in;
                })
                .start();
        assertThat(taken.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
        var closing = Thread.ofPlatform().start(first::close);
        while (closing.getState() != Thread.State.WAITING && closing.getState() != Thread.State.TIMED_WAITING) {
            assertThat(closing.isAlive()).as("it waits for the handler").isTrue();
            Thread.onSpinWait();
        }
        bench.request("finishes", "finished-2", "\"another's\"");
        go.countDown();
        closing.join();

        assertThat(by("first", bench.results("finished-1", 1).getFirst())).isEqualTo("\"in hand\"");
        try (var second = bench.worker("second")
                .task("finishes", String.class, (in, task) -> in)
                .start()) {
            assertThat(by("second", bench.results("finished-2", 1).getFirst())).isEqualTo("\"another's\"");
        }
        assertThat(bench.results("finished-1", 1)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsGivenBackComesAgainWithItsKey(Group group) throws Exception {
        var bench = group.bench();
        bench.createTask("returns");
        bench.request("returns", "returned-1", "1");
        var keys = new ConcurrentLinkedQueue<String>();
        var taken = new CountDownLatch(1);
        try (var first = bench.worker("first")
                .grace(Duration.ofMillis(1))
                .task("returns", Integer.class, (in, task) -> {
                    keys.add(task.idempotencyKey());
                    taken.countDown();
                    new CountDownLatch(1).await();
                    return in;
                })
                .start()) {
            assertThat(taken.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
        }
        try (var second = bench.worker("second")
                .task("returns", Integer.class, (in, task) -> {
                    keys.add(task.idempotencyKey());
                    return in;
                })
                .start()) {
            assertThat(by("second", bench.results("returned-1", 1).getFirst())).isEqualTo("1");
        }
        assertThat(keys).containsExactly("returned-1-key", "returned-1-key");
    }

    @Test
    void aRequestWhoseWorkerSaysNothingMoreIsAnothersWhenItsLockHasRunOut() throws Exception {
        var bench = Group.SHARE.bench();
        bench.createTask("hangs");
        bench.lock("hangs", Duration.ofSeconds(2));
        bench.request("hangs", "hanging-1", "1");
        try (var gone = bench.takeAndHang("hangs");
                var worker = bench.worker("other")
                        .task("hangs", Integer.class, (in, task) -> in)
                        .start()) {
            assertThat(by("other", bench.results("hanging-1", 1).getFirst())).isEqualTo("1");
        }
    }

    /** The output that this worker answered with. */
    private static String by(String worker, TaskResult result) {
        assertThat(result.getCaller().getPrincipal()).isEqualTo(worker);
        return Payloads.json(((TaskSucceeded) result.getBody()).getOutput());
    }
}
