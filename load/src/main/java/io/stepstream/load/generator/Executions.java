package io.stepstream.load.generator;

import io.stepstream.load.generator.Script.Answers;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.avro.TaskRequest;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** The executions that run, what is answered to their tasks, and how long all that takes. */
final class Executions implements Traffic.Listener {
    /** How long the outside world takes to answer a request for a callback. */
    private static final long THINK_MILLIS = 100;

    private static final long PATIENCE_SECONDS = 60;
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(10);

    private final Plan plan;
    private final Parent parent;
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final Queue<Asked> collected = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService outsideWorld =
            Executors.newScheduledThreadPool(1, Thread.ofPlatform().daemon().factory());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String prefix = Long.toHexString(System.currentTimeMillis()) + '-';
    private final AtomicInteger finished = new AtomicInteger();
    private volatile Times times = new Times();
    private int started;

    Executions(Plan plan, Parent parent) {
        this.plan = plan;
        this.parent = parent;
    }

    /** Times in microseconds: from start to end, from answer to end, from answer to the next request, of the gateway's answer. */
    record Times(Histogram whole, Histogram answerToEnd, Histogram answerToRequest, Histogram answerToVerdict) {

        Times() {
            this(histogram(), histogram(), histogram(), histogram());
        }

        void add(Times more) {
            whole.add(more.whole);
            answerToEnd.add(more.answerToEnd);
            answerToRequest.add(more.answerToRequest);
            answerToVerdict.add(more.answerToVerdict);
        }

        private static Histogram histogram() {
            return new ConcurrentHistogram(LONGEST_MICROS, 3);
        }
    }

    private static final class Running {
        final Script script;
        final Semaphore window;
        final Times times;
        final long startedAt = System.nanoTime();
        volatile long answeredAt;
        int requests;

        Running(Script script, Semaphore window, Times times) {
            this.script = script;
            this.window = window;
            this.times = times;
        }
    }

    /** Keeps {@code inFlight} executions running until {@code count} have finished. */
    Times closedLoop(Start start, int count, int inFlight) throws Exception {
        var window = new Semaphore(inFlight);
        begin();
        for (var i = 0; i < count; i++) {
            acquire(window, 1);
            start(start, window);
        }
        acquire(window, inFlight);
        return times;
    }

    /** Starts {@code count} executions at the plan's rate, and waits until they have finished. */
    Times openLoop(Start start, int count) throws Exception {
        var window = new Semaphore(0);
        begin();
        var origin = System.nanoTime();
        for (var i = 0; i < count; i++) {
            TimeUnit.NANOSECONDS.sleep(origin + (long) (i * 1e9 / plan.rate()) - System.nanoTime());
            start(start, window);
        }
        acquire(window, count);
        return times;
    }

    /** A task that waits to be answered. */
    private record Asked(String id, TaskRequest request, int partition) {}

    /**
     * Starts {@code count} executions, {@code inFlight} at once, until the task of each waits; then {@code callers} answer them, each one
     * task after the other, as fast as they get their verdicts.
     */
    Callbacks park(Start start, int count, int inFlight) throws Exception {
        var window = new Semaphore(inFlight);
        begin();
        for (var i = 0; i < count; i++) {
            acquire(window, 1);
            start(start, window);
        }
        acquire(window, inFlight);
        return callers -> {
            begin();
            var asked = new ConcurrentLinkedQueue<>(collected);
            collected.clear();
            for (var i = 0; i < callers; i++) {
                background(() -> {
                    for (var task = asked.poll(); task != null; task = asked.poll()) {
                        call(task);
                    }
                });
            }
            acquire(window, count);
            return times;
        };
    }

    /** Executions that wait, to be called back. */
    interface Callbacks {
        Times by(int callers) throws Exception;
    }

    private void call(Asked task) {
        var execution = running.get(task.id());
        var begin = System.nanoTime();
        if (execution != null) {
            execution.answeredAt = begin;
        }
        answers.answer(task.id(), task.request(), task.partition());
        times.answerToVerdict.recordValue(microsSince(begin));
    }

    /** How an execution is started. */
    record Start(Script script, Starting starting) {}

    interface Starting {
        void start(String name) throws Exception;
    }

    private void begin() {
        finished.set(0);
        times = new Times();
    }

    private void start(Start start, Semaphore window) throws Exception {
        var name = prefix + started++;
        var id = Arns.executionId(Arns.DEFAULT.execution(start.script().machine(), name));
        running.put(id, new Running(start.script(), window, times));
        start.starting().start(name);
    }

    @Override
    public void requested(String id, TaskRequest request, int partition) {
        var execution = running.get(id);
        if (execution == null) {
            // An item of a Map: executions that the engine has started by itself.
            answers.answer(id, request, partition);
            parent.progress(finished.incrementAndGet());
            return;
        }
        execution.requests++;
        if (execution.requests > 1 && execution.script.answers() == Answers.LATER) {
            execution.times.answerToRequest.recordValue(microsSince(execution.answeredAt));
        }
        switch (execution.script.answers()) {
            case AT_ONCE -> answers.answer(id, request, partition);
            case NEVER -> finish(id, execution);
            case WHEN_ALL_WAIT -> {
                collected.add(new Asked(id, request, partition));
                parent.progress(collected.size());
                execution.window.release();
            }
            case LATER ->
                outsideWorld.schedule(
                        () -> answerLater(execution, id, request, partition), THINK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void answerLater(Running execution, String id, TaskRequest request, int partition) {
        execution.answeredAt = System.nanoTime();
        if (plan.gateway().isEmpty()) {
            answers.answer(id, request, partition);
            return;
        }
        background(() -> {
            var asked = System.nanoTime();
            answers.answer(id, request, partition);
            execution.times.answerToVerdict.recordValue(microsSince(asked));
        });
    }

    /** Something that may take its time. */
    interface Work {
        void run() throws Exception;
    }

    /** Does it in a thread of its own; what it throws fails the run. */
    void background(Work work) {
        threads.execute(() -> {
            try {
                work.run();
            } catch (Exception e) {
                failed(e);
            }
        });
    }

    /** How a task is answered. */
    interface Answering {
        void answer(String executionId, TaskRequest request, int partition);
    }

    private volatile Answering answers = (id, request, partition) -> {
        throw new IllegalStateException("a request before anything was started");
    };

    void answerBy(Answering answering) {
        answers = answering;
    }

    @Override
    public void status(String id, String status) {
        if (status.equals("RUNNING")) {
            return;
        }
        var execution = running.get(id);
        if (!status.equals("SUCCEEDED")) {
            failed(new IllegalStateException("an execution ended " + status));
        } else if (execution != null) {
            if (execution.answeredAt != 0) {
                execution.times.answerToEnd.recordValue(microsSince(execution.answeredAt));
            }
            finish(id, execution);
        }
    }

    private void finish(String id, Running execution) {
        running.remove(id);
        execution.times.whole.recordValue(microsSince(execution.startedAt));
        parent.progress(finished.incrementAndGet());
        execution.window.release();
    }

    @Override
    public void failed(Throwable thrown) {
        failures.add(thrown);
    }

    /** Waits as long as something happens at least once in a while. */
    private void acquire(Semaphore window, int permits) throws Exception {
        var seen = -1;
        while (failures.isEmpty() && !window.tryAcquire(permits, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            if (finished.get() == seen) {
                throw new TimeoutException((permits - window.availablePermits()) + " executions hang");
            }
            seen = finished.get();
        }
        var broken = failures.peek();
        if (broken != null) {
            throw new IllegalStateException("an execution failed", broken);
        }
    }

    private static long microsSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - nanos);
    }
}
