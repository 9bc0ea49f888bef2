package io.stepstream.orchestrator.engine;

/** Knows which task topics exist. A send to a topic that does not would block the stream thread, so this is asked first. */
@FunctionalInterface
public interface TaskTopics {

    /**
     * Whether the topic of this task name is known to exist. Must not block: an answer from some time ago will do, as topics are not
     * deleted; asking for an unknown name may cause a look.
     */
    boolean exists(String taskName);
}
