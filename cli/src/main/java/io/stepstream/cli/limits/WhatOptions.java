package io.stepstream.cli.limits;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a limit is of: exactly one of these. */
final class WhatOptions {
    @Option(names = "--state-machine", paramLabel = "NAME", description = "A state machine, by its name or ARN.")
    private @Nullable String stateMachine;

    @Option(names = "--task", paramLabel = "NAME", description = "A task name.")
    private @Nullable String task;

    /** The member that names it in the API. */
    String member() {
        return task == null ? "stateMachine" : "task";
    }

    /** The member that says how many. */
    String most() {
        return task == null ? "maxConcurrentExecutions" : "maxConcurrency";
    }

    String name() {
        return task == null ? String.valueOf(stateMachine) : task;
    }

    /** In words. */
    String text() {
        return (task == null ? "state machine " : "task ") + name();
    }
}
