package io.stepstream.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is put on the engine. The first two mean what they mean to the peers that Stepstream is compared with. */
public enum Workload {
    /** Closed loop: three tasks in sequence, each answered at once by a worker. */
    THREE_TASKS(3),
    /** Open loop: one task, answered from outside 100 ms after it was asked for. */
    CALLBACK(1),
    /** One distributed Map whose items are one task each, answered at once. */
    FAN_OUT(1),
    /** Executions that wait for a token nobody uses; then callbacks among them. */
    PARKED(1),
    /** Callbacks by HTTP: answers to tasks that wait, as fast as they go, while other calls wait for tasks. */
    GATEWAY(1);

    private final int tasks;

    Workload(int tasks) {
        this.tasks = tasks;
    }

    /** Tasks of one execution. */
    public int tasks() {
        return tasks;
    }

    /** The workload of this name, as it is on the command line and in JSON. */
    public static Workload of(String name) {
        return Arrays.stream(values())
                .filter(workload -> workload.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no workload " + name + ", but " + names()));
    }

    /** All names, for messages. */
    public static String names() {
        return Arrays.stream(values()).map(Workload::toString).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
