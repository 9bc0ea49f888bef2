package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.steps.RowStore;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The rows in a state store of Kafka Streams. */
record StateStoreRows(KeyValueStore<Bytes, byte[]> store) implements RowStore {

    @Override
    public byte @Nullable [] get(Bytes key) {
        return store.get(key);
    }

    @Override
    public void put(Bytes key, byte[] row) {
        store.put(key, row);
    }

    @Override
    public void delete(Bytes key) {
        store.delete(key);
    }
}
