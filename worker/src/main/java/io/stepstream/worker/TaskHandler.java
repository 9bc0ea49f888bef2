package io.stepstream.worker;

import org.jspecify.annotations.Nullable;

/**
 * Does one kind of task. It may be called more than once for the same request, with the same
 * {@link TaskContext#idempotencyKey()}: when a worker died, or could not write its answer.
 *
 * @param <I> what the request's input is read as, by Jackson
 */
@FunctionalInterface
public interface TaskHandler<I> {

    /**
     * Does the task.
     *
     * @return the task's output, written as JSON by Jackson; ignored when the task is left open for a callback
     * @throws TaskError to fail the task by an error name of the handler's own choice
     * @throws Exception to fail the task by the exception's class name
     */
    @Nullable
    Object handle(I input, TaskContext task) throws Exception;
}
