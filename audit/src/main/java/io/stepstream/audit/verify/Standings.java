package io.stepstream.audit.verify;

import io.stepstream.audit.replay.SpillingRows;
import java.util.HexFormat;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;

/** What is known of each execution of a partition, beside its rows. Not thread-safe. */
final class Standings {
    private final int partition;
    private final SpillingRows rows;

    Standings(int partition, SpillingRows rows) {
        this.partition = partition;
        this.rows = rows;
    }

    Standing of(String executionId) {
        var row = rows.get(AuditKeys.standing(partition, executionId));
        return row == null ? Standing.CLEAR : Standing.of(row);
    }

    void put(String executionId, Standing standing) {
        var key = AuditKeys.standing(partition, executionId);
        if (standing.isClear()) {
            rows.delete(key);
        } else {
            rows.put(key, standing.bytes());
        }
    }

    /**
     * Goes through all that is not clear, in the order of ids, as one sequential read; nothing may be written meanwhile.
     *
     * @param place where the state of the partition is kept
     * @param state as it is
     */
    void each(Bytes place, byte[] state, BiConsumer<String, Standing> use) {
        rows.each(
                AuditKeys.standings(partition),
                place,
                state,
                (key, row) -> use.accept(HexFormat.of().formatHex(AuditKeys.executionId(key)), Standing.of(row)));
    }
}
