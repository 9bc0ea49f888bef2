package io.stepstream.schemas;

/** What became of an execution's key. */
public sealed interface KeyLookup {

    /** Here it is. */
    record Found(ExecutionKey key) implements KeyLookup {}

    /** It was destroyed; or the execution was never sealed. */
    record Absent() implements KeyLookup {}

    /**
     * It is there, but not its master key.
     *
     * @param reason which one, and what to do
     */
    record Locked(String reason) implements KeyLookup {}
}
