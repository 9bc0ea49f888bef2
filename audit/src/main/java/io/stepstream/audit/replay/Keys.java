package io.stepstream.audit.replay;

import io.stepstream.schemas.KeyLookup;

/** Where the keys of sealed executions are found. */
@FunctionalInterface
public interface Keys {

    /** No keys at hand: whatever is sealed stays so. */
    Keys NONE = (executionId, keyId) -> new KeyLookup.Locked("no keys were given");

    /** The key of an execution, by the id that its records name it by. */
    KeyLookup find(String executionId, String keyId);

    /** Whether there is any key of this execution. */
    default boolean isKept(String executionId) {
        return false;
    }
}
