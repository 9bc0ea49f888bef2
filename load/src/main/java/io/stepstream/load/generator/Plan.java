package io.stepstream.load.generator;

import io.stepstream.load.Workload;

/**
 * What a generator is to do.
 *
 * @param gateway base address of the gateway; empty if answers go over Kafka
 * @param executions to measure; of a fan-out, items
 * @param warmup executions before that
 * @param rate executions started a second, in open loops
 * @param seconds how long an open loop is measured
 * @param inFlight executions that a closed loop keeps running; callers at once, of the gateway
 * @param waiting calls to the gateway that wait for a task meanwhile
 * @param partitions of the task's topic
 * @param target what takes the load
 * @param turns in how many parts a closed loop of executions is measured
 */
public record Plan(
        String bootstrapServers,
        String registry,
        String gateway,
        Workload workload,
        int executions,
        int warmup,
        int rate,
        int seconds,
        int inFlight,
        int waiting,
        int partitions,
        Target target,
        int turns) {

    /** What is under load. */
    public enum Target {
        ENGINE,
        /** Takes starts and answers as the engine does, and looks at neither. */
        CEILING
    }
}
