package io.stepstream.audit.records;

/** What an execution's ARN says: {@code arn:…:execution:<machine>:<name>}, of a Map's item {@code …:<machine>/<label>:<uuid>}. */
public final class ExecutionNames {
    private static final int MACHINE = 6;
    private static final int NAME = 7;

    private ExecutionNames() {}

    /** The name of the state machine; the whole text if it is no execution's ARN. */
    public static String stateMachine(String arn) {
        var parts = arn.split(":", NAME + 1);
        return parts.length > MACHINE ? parts[MACHINE].split("/", 2)[0] : arn;
    }

    /** The execution's own name; the whole text if it is no execution's ARN. */
    public static String name(String arn) {
        var parts = arn.split(":", NAME + 1);
        return parts.length > NAME ? parts[NAME] : arn;
    }
}
