package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.ExecutionKey;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.MissingMasterKey;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.WrappedKey;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** The data keys of the sealed executions of one partition: in their store, and in the topic that readers have them from. */
final class DataKeys {
    private final KeyValueStore<Bytes, byte[]> store;
    private final Outbox outbox;
    private final RecordCodec codec;
    private final MasterKeys masterKeys;

    DataKeys(KeyValueStore<Bytes, byte[]> store, Outbox outbox, RecordCodec codec, MasterKeys masterKeys) {
        this.store = store;
        this.outbox = outbox;
        this.codec = codec;
        this.masterKeys = masterKeys;
    }

    /** The key of this execution; empty if it has none. */
    Optional<ExecutionKey> find(String executionId) throws NotYet {
        var stored = store.get(key(executionId));
        if (stored == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(masterKeys.unwrap(executionId, codec.decode(stored, WrappedKey.class)));
        } catch (MissingMasterKey e) {
            throw new NotYet(String.valueOf(e.getMessage()), e);
        } catch (RegistryUnavailable e) {
            throw new NotYet("the schema of a data key: " + e.getMessage(), e);
        } catch (Undecodable e) {
            throw new IllegalStateException("the store of data keys holds what is none for " + executionId, e);
        }
    }

    void put(ExecutionKey key, Instant now) {
        var bytes = codec.encode(Topics.KEYS, masterKeys.wrap(key));
        store.put(key(key.executionId()), bytes);
        outbox.key(key.executionId(), bytes, now);
    }

    /** Destroys the key of this execution; whether there was one. */
    boolean destroy(String executionId, Instant now) {
        var had = store.delete(key(executionId)) != null;
        if (had) {
            outbox.keyDestroyed(executionId, now);
        }
        return had;
    }

    private static Bytes key(String executionId) {
        return RowKeys.dataKey(executionId);
    }
}
