package io.stepstream.orchestrator.steps;

import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** Where rows are kept: a state store of the engine, or whatever runs its steps again. */
public interface RowStore {

    /** The row under this key; null if there is none. */
    byte @Nullable [] get(Bytes key);

    void put(Bytes key, byte[] row);

    /** Deletes the row under this key, if there is one. */
    void delete(Bytes key);
}
