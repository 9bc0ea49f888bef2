package io.stepstream.worker;

import io.stepstream.schemas.avro.TaskRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a handler may know of the task it does, besides its input. */
public final class TaskContext {

    /** The headers of W3C trace context. */
    static final List<String> TRACE_HEADERS = List.of("traceparent", "tracestate");

    private final TaskRequest request;
    private final Map<String, String> trace;
    private volatile boolean open;

    TaskContext(TaskRequest request, Map<String, String> trace) {
        this.request = request;
        this.trace = trace;
        this.open = request.getAwaitsCallback();
    }

    /**
     * Leaves the task open when the handler returns: somebody who holds the {@link #token()} answers later. That is so by itself for
     * a state whose resource ends in {@code .waitForTaskToken}. An exception fails the task all the same.
     */
    public void later() {
        open = true;
    }

    boolean isLeftOpen() {
        return open;
    }

    /** The task token: whoever holds it may answer. A secret. */
    public String token() {
        return request.getToken();
    }

    /** The same whenever this request is delivered again; another for each retry by the state machine. */
    public String idempotencyKey() {
        return request.getIdempotencyKey();
    }

    /** The task's registered name. */
    public String name() {
        return request.getName();
    }

    public String executionArn() {
        return request.getExecutionArn();
    }

    /** Name of the state that asks. */
    public String state() {
        return request.getState();
    }

    /** 0, then one more for every retry by the state machine. */
    public int attempt() {
        return request.getAttempt();
    }

    /** When the task times out, unless heartbeats move that. */
    public Optional<Instant> deadline() {
        return Optional.ofNullable(request.getDeadline());
    }

    /** The W3C trace context that the request came with, by header: {@code traceparent}, {@code tracestate}; empty if it has none. */
    public Map<String, String> traceContext() {
        return trace;
    }

    @Override
    public String toString() {
        return "task " + name() + " of " + executionArn() + " in state " + state();
    }
}
