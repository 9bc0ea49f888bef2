package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.steps.RowStore;
import io.stepstream.schemas.ExecutionKey;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one execution in the engine's store. Those of a sealed execution are sealed whole, after a byte that no other row begins with:
 * Avro's single-object encoding begins with C3. So rows that are not sealed cost nothing to tell.
 */
final class SealableRows implements RowStore {

    private static final byte SEALED = 'S';

    private final KeyValueStore<Bytes, byte[]> store;
    private final DataKeys keys;
    private final String id;
    private Optional<ExecutionKey> key = Optional.empty();

    SealableRows(KeyValueStore<Bytes, byte[]> store, DataKeys keys, String id) {
        this.store = store;
        this.keys = keys;
        this.id = id;
    }

    /** A sealed row was met whose key cannot be had now; nothing has been changed. */
    static final class Locked extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient NotYet missing;

        Locked(NotYet missing) {
            super(missing);
            this.missing = missing;
        }

        NotYet missing() {
            return missing;
        }
    }

    static boolean isSealed(byte[] row) {
        return row[0] == SEALED;
    }

    /** What the execution is sealed under, as far as its rows have been read; the first that is read tells. */
    Optional<ExecutionKey> key() {
        return key;
    }

    /** Seals what is written from now on. */
    void sealUnder(ExecutionKey fresh) {
        key = Optional.of(fresh);
    }

    /** The record as it is sent. */
    HistoryRecord sealed(HistoryRecord record) {
        return key.map(by -> SealedRecords.seal(record, by)).orElse(record);
    }

    /** The status as it is sent. */
    ExecutionStatus sealed(ExecutionStatus status) {
        return key.map(by -> SealedRecords.seal(status, by)).orElse(status);
    }

    @Override
    public byte @Nullable [] get(Bytes rowKey) {
        var row = store.get(rowKey);
        return row == null || !isSealed(row)
                ? row
                : known().open(place(rowKey), Arrays.copyOfRange(row, 1, row.length));
    }

    @Override
    public void put(Bytes rowKey, byte[] row) {
        store.put(rowKey, key.map(by -> sealed(row, rowKey, by)).orElse(row));
    }

    @Override
    public void delete(Bytes rowKey) {
        RowDeletion.delete(store, rowKey);
    }

    private static byte[] sealed(byte[] row, Bytes rowKey, ExecutionKey by) {
        var sealed = by.seal(place(rowKey), row);
        return ByteBuffer.allocate(1 + sealed.length).put(SEALED).put(sealed).array();
    }

    private ExecutionKey known() {
        if (key.isEmpty()) {
            try {
                key = keys.find(id);
            } catch (NotYet e) {
                throw new Locked(e);
            }
        }
        return key.orElseThrow(() -> new IllegalStateException("a row of execution " + id
                + " is sealed, and its key is not in the store of keys: restore both from the same time"));
    }

    private static String place(Bytes rowKey) {
        return "row " + rowKey;
    }
}
