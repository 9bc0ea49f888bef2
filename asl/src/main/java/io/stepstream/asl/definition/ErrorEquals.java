package io.stepstream.asl.definition;

import java.util.List;

/** The error names a retrier or catcher is for. */
public record ErrorEquals(List<String> names) {

    public static final String ALL = "States.ALL";
    public static final String TASK_FAILED = "States.TaskFailed";
    public static final String TIMEOUT = "States.Timeout";
    public static final String DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded";
    public static final String RUNTIME = "States.Runtime";

    public ErrorEquals {
        names = List.copyOf(names);
    }

    /**
     * Whether an error of this name is meant. {@code States.Runtime} never is; the wildcards leave out what AWS says they do:
     * {@code States.ALL} the two terminal errors, {@code States.TaskFailed} also {@code States.Timeout}.
     */
    public boolean matches(String error) {
        if (error.equals(RUNTIME)) {
            return false;
        }
        if (names.contains(error)) {
            return true;
        }
        var terminal = error.equals(DATA_LIMIT_EXCEEDED);
        return !terminal && (names.contains(ALL) || (names.contains(TASK_FAILED) && !error.equals(TIMEOUT)));
    }
}
