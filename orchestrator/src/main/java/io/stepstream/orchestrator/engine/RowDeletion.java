package io.stepstream.orchestrator.engine;

import io.stepstream.orchestrator.rows.RowKeys;
import java.util.ArrayList;
import java.util.function.Predicate;
import org.apache.kafka.common.serialization.BytesSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** Deletes rows: one, or those of an execution, a bounded number in a transaction. */
final class RowDeletion {

    private static final int ROWS_AT_ONCE = 1000;

    private RowDeletion() {}

    /** Deletes a row. The store's own {@code delete} reads it first, to return it, which costs more than the deletion. */
    static void delete(KeyValueStore<Bytes, byte[]> store, Bytes key) {
        store.put(key, null);
    }

    /** Deletes some of an execution's rows that are to go; whether there are more. */
    static boolean leavesMore(KeyValueStore<Bytes, byte[]> store, String id, Predicate<Bytes> toGo) {
        var rows = new ArrayList<Bytes>();
        try (var all = store.prefixScan(RowKeys.all(id), new BytesSerializer())) {
            while (all.hasNext() && rows.size() <= ROWS_AT_ONCE) {
                var key = all.next().key;
                if (toGo.test(key)) {
                    rows.add(key);
                }
            }
        }
        rows.stream().limit(ROWS_AT_ONCE).forEach(key -> delete(store, key));
        return rows.size() > ROWS_AT_ONCE;
    }
}
