package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Handlers under {@link WorkerTest}, as users of the library test theirs. */
class HandlersTest {

    record Order(String item, int count) {}

    record Receipt(int total) {}

    private static Receipt price(Order order, TaskContext task) {
        return new Receipt(order.count() * 2);
    }

    @Test
    void whatAHandlerReturnsIsTheOutput() {
        int each = 5;
        try (var test = WorkerTest.of(Worker.builder()
                .task("captures", (Order in, TaskContext task) -> new Receipt(in.count() * each))
                .task("reference", HandlersTest::price)
                .task("class", Order.class, (in, task) -> in.item())
                .task(
                        "generic",
                        new TypeReference<List<Order>>() {},
                        (in, task) -> in.getLast().count()))) {
            var order = new Order("desk", 3);
            assertThat(test.request("captures", order).output()).hasToString("{\"total\":15}");
            assertThat(test.request("reference", order).output()).hasToString("{\"total\":6}");
            assertThat(test.request("class", order).outcome()).isEqualTo(new TaskOutcome.Succeeded("\"desk\""));
            assertThat(test.request("generic", List.of(order)).output()).hasToString("3");
        }
    }

    @Test
    void aHandlerWhoseInputIsNotKnownIsRefused() {
        var builder = Worker.builder();
        assertThatThrownBy(() -> builder.task("a", (in, task) -> in))
                .hasMessageContaining("write (Order in, TaskContext task) -> ...");
        assertThatThrownBy(() -> builder.task("a", (List<Order> in, TaskContext task) -> in))
                .hasMessageContaining("new TypeReference<List<...>>() {}");
        assertThatThrownBy(() -> builder.task("a", new TypedHandler<Order>() {
                    @Override
                    public Object handle(Order in, TaskContext task) {
                        return in;
                    }
                }))
                .hasMessageContaining("write task(name, Order.class, handler)");
        assertThatThrownBy(() -> builder.task("no name", Order.class, (in, task) -> in))
                .hasMessageContaining("without white space");
    }

    @Test
    void anExceptionFailsTheTaskByItsClassWithABoundedCause() {
        try (var test = WorkerTest.of(Worker.builder()
                .task("fails", (String in, TaskContext task) -> {
                    switch (in) {
                        case "long" -> throw new IllegalStateException("x".repeat(100_000));
                        case "silent" -> throw new IllegalStateException();
                        case "error" -> throw new StackOverflowError();
                        case "own" -> throw new TaskError("E".repeat(300), "cause");
                        default -> throw new PoisonousRequest("NoSuchCard", "never valid");
                    }
                })
                .task("typed", Order.class, (in, task) -> in))) {
            assertThat(test.request("fails", "long").outcome())
                    .isInstanceOfSatisfying(TaskOutcome.Failed.class, failed -> {
                        assertThat(failed.error()).isEqualTo("java.lang.IllegalStateException");
                        assertThat(failed.cause()).hasSize(32_768).endsWith("…");
                    });
            assertThat(test.request("fails", "silent").outcome())
                    .isEqualTo(new TaskOutcome.Failed(
                            "java.lang.IllegalStateException", "java.lang.IllegalStateException"));
            assertThat(test.request("fails", "error").outcome())
                    .isInstanceOfSatisfying(
                            TaskOutcome.Failed.class,
                            failed -> assertThat(failed.error()).isEqualTo("java.lang.StackOverflowError"));
            assertThat(test.request("fails", "own").outcome())
                    .isInstanceOfSatisfying(
                            TaskOutcome.Failed.class,
                            failed -> assertThat(failed.error()).hasSize(256));
            assertThat(test.deadLetters()).isEmpty();
            assertThat(test.request("fails", "poison").outcome())
                    .isEqualTo(new TaskOutcome.DeadLettered("NoSuchCard", "never valid"));
            assertThat(test.request("typed", "no order").outcome())
                    .isInstanceOfSatisfying(
                            TaskOutcome.DeadLettered.class,
                            failed -> assertThat(failed.error()).isEqualTo("Stepstream.UnreadableRequest"));
            assertThat(test.deadLetters())
                    .extracting(WorkerTest.DeadLettered::error)
                    .containsExactly("NoSuchCard", "Stepstream.UnreadableRequest");
        }
    }

    @Test
    void heartbeatsComeAtAThirdOfTheHeartbeatTime() {
        var done = new CountDownLatch(1);
        try (var test = WorkerTest.of(Worker.builder().task("long", (String in, TaskContext task) -> {
            done.await();
            return in;
        }))) {
            var asked = test.request("long", "x", WorkerTest.Request.plain().heartbeat(Duration.ofSeconds(30)));
            assertThat(asked.isRunning()).isTrue();
            for (int[] step : new int[][] {{9, 0}, {1, 1}, {9, 1}, {1, 2}, {10, 3}}) {
                test.advance(Duration.ofSeconds(step[0]));
                assertThat(asked.heartbeats()).isEqualTo(step[1]);
            }
            done.countDown();
            assertThat(asked.outcome()).isInstanceOf(TaskOutcome.Succeeded.class);
            test.advance(Duration.ofHours(1));
            assertThat(asked.heartbeats()).isEqualTo(3);
        }
    }

    @Test
    void theKeyIsTheSameOverRedeliveryUntilTheLastWhichFailsTheTask() {
        Map<String, Integer> charged = new HashMap<>();
        try (var test = WorkerTest.of(Worker.builder()
                .task(
                        "charge",
                        (Integer in, TaskContext task) -> charged.merge(task.idempotencyKey(), 1, Integer::sum)))) {
            var first = test.request("charge", 5);
            assertThat(first.output()).hasToString("1");
            var again = first.again();
            assertThat(again.output()).hasToString("2");
            assertThat(test.request("charge", 5).output()).hasToString("1");
            var third = again.again();
            assertThat(third.output()).hasToString("3");
            var fourth = third.again();
            assertThat(fourth.output()).hasToString("4");
            assertThat(fourth.again().outcome())
                    .isInstanceOfSatisfying(
                            TaskOutcome.DeadLettered.class,
                            it -> assertThat(it.error()).isEqualTo("Stepstream.Undeliverable"));
        }
        assertThat(charged).containsEntry("execution-1", 4).containsEntry("execution-2", 1);
    }

    @Test
    void aTaskIsLeftOpenByItsHandlerOrItsState() {
        try (var test = WorkerTest.of(Worker.builder().task("ask", (Boolean later, TaskContext task) -> {
            if (later) {
                task.later();
            }
            return "answer";
        }))) {
            assertThat(test.request("ask", true).outcome()).isEqualTo(new TaskOutcome.LeftOpen());
            assertThat(test.request("ask", false).outcome()).isEqualTo(new TaskOutcome.Succeeded("\"answer\""));
            assertThat(test.request("ask", false, WorkerTest.Request.plain().awaitingCallback())
                            .outcome())
                    .isEqualTo(new TaskOutcome.LeftOpen());
        }
    }

    @Test
    void aHandlerThatIsInterruptedGivesItsRequestBack() {
        try (var test = WorkerTest.of(Worker.builder().task("slow", (String in, TaskContext task) -> {
            new CountDownLatch(1).await();
            return in;
        }))) {
            var asked = test.request("slow", "x");
            asked.interrupt();
            assertThat(asked.outcome()).isEqualTo(new TaskOutcome.GivenBack());
        }
    }

    @Test
    void tasksAreCountedAndTimedByMicrometer() {
        var meters = new SimpleMeterRegistry();
        var done = new CountDownLatch(1);
        try (var test = WorkerTest.of(Worker.builder()
                .observer(new MicrometerObserver(meters))
                .observer(task -> {
                    throw new IllegalStateException("an observer's bug is not the task's");
                })
                .task("charge", (Integer in, TaskContext task) -> {
                    if (in < 0) {
                        throw new TaskError("Negative", "less than nothing");
                    }
                    if (in == 0) {
                        done.await();
                    }
                    return in;
                }))) {
            assertThat(test.request("charge", 1).output()).hasToString("1");
            assertThat(test.request("charge", -1).outcome()).isInstanceOf(TaskOutcome.Failed.class);
            var running = test.request("charge", 0);
            assertThat(meters.get("stepstream.worker.task.active")
                            .tag("task", "charge")
                            .longTaskTimer()
                            .activeTasks())
                    .isEqualTo(1);
            done.countDown();
            assertThat(running.output()).hasToString("0");
        }
        assertThat(count(meters, "succeeded")).isEqualTo(2);
        assertThat(count(meters, "failed")).isEqualTo(1);
    }

    private static long count(SimpleMeterRegistry meters, String outcome) {
        return meters.get("stepstream.worker.task")
                .tags("task", "charge", "outcome", outcome)
                .timer()
                .count();
    }
}
