package io.stepstream.audit.verify;

/**
 * Something that is not as it must be.
 *
 * @param topic where it is
 * @param partition where it is
 * @param offset the record that it is about; of a record that is missing, the one where that shows
 * @param execution ARN of the execution; empty if it is about none, or not known
 * @param path JSON path of what differs in the record; {@code $} if it is the record as a whole
 * @param what what differs, in words
 */
public record Difference(
        Kind kind, String topic, int partition, long offset, String execution, String path, String what) {

    /** What was compared. */
    public enum Kind {
        /** The record cannot be read. */
        UNREADABLE,
        /** Key or partition are not those of the execution. */
        KEY,
        /** The execution's records do not follow each other: one is missing, changed, moved or there twice. */
        CHAIN,
        /** The step, run again, is another one. */
        STEP,
        /** The last status is not what the steps give. */
        STATUS,
        /** The partition is not what a signed checkpoint says it was, or a checkpoint is not to be trusted. */
        CHECKPOINT,
        /** A revision is not what its name says. */
        DEFINITION
    }

    @Override
    public String toString() {
        return kind + " " + topic + " partition " + partition + " offset " + offset + " " + path
                + (execution.isEmpty() ? "" : " (" + execution + ")") + ": " + what;
    }
}
