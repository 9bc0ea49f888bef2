package io.stepstream.worker;

import java.util.Map;

/**
 * Is told of every request that a handler is called for: where metrics and traces come in. Both methods are called on the handler's
 * thread, around it. What an observer throws is logged, and changes nothing.
 */
@FunctionalInterface
public interface TaskObserver {

    /** A handler is about to be called. */
    Watch taken(TaskContext task);

    /** The rest of one observation. */
    @FunctionalInterface
    interface Watch {

        /** The handler has ended, and this is what its task will be told. */
        void ended(TaskOutcome outcome);

        /** W3C trace context that the answer carries, by header; empty for that of the request. */
        default Map<String, String> traceContext() {
            return Map.of();
        }
    }
}
