package io.stepstream.schemas;

/** The keys of limits: a state machine's is its ARN. A limit's home is the partition of its key. */
public final class LimitKeys {

    private static final String TASK = "task ";

    private LimitKeys() {}

    /** The key of the limit of a task name. */
    public static String task(String taskName) {
        return TASK + taskName;
    }

    /** Whether this is the key of the limit of a task name, not of a state machine. */
    public static boolean isTask(String key) {
        return key.startsWith(TASK);
    }

    /** What a limit is of: the task's name, or the state machine's. */
    public static String name(String key) {
        return isTask(key) ? key.substring(TASK.length()) : key.substring(key.lastIndexOf(':') + 1);
    }
}
