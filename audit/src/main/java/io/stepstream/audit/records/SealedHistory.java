package io.stepstream.audit.records;

import io.stepstream.audit.replay.Keys;
import io.stepstream.schemas.BrokenSeal;
import io.stepstream.schemas.KeyLookup;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.avro.HistoryRecord;

/** History records of sealed executions as they may be read now (ADR 0033 has it so for queries). */
final class SealedHistory {
    private SealedHistory() {}

    /**
     * The record opened; with {@link ShownPayloads#PURGED} in place of what was sealed if its key is destroyed; as it is stored if its key
     * is not at hand, or does not fit, which {@code audit verify} tells of.
     */
    static HistoryRecord open(String executionId, HistoryRecord record, Keys keys) {
        var keyId = SealedRecords.keyId(record);
        if (keyId.isEmpty()) {
            return record;
        }
        try {
            return switch (keys.find(executionId, keyId.get())) {
                case KeyLookup.Found(var key) -> SealedRecords.open(record, key);
                case KeyLookup.Absent _ when keys.isKept(executionId) -> record;
                case KeyLookup.Absent _ -> SealedRecords.marked(record, ShownPayloads.PURGED);
                case KeyLookup.Locked _ -> record;
            };
        } catch (BrokenSeal | IllegalStateException e) {
            return record;
        }
    }
}
