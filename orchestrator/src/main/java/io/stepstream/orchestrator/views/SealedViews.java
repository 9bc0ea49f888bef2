package io.stepstream.orchestrator.views;

import io.stepstream.schemas.BrokenSeal;
import io.stepstream.schemas.ExecutionKey;
import io.stepstream.schemas.ExecutionKeys;
import io.stepstream.schemas.KeyLookup;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import java.util.function.BiFunction;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what is sealed when somebody asks for it (ADR 0033): the views keep it as the topics do, so that it is gone from them with its key.
 * What has no key any more is shown as purged, what this instance cannot open as sealed.
 */
final class SealedViews {
    /** Stands for what nobody can open any more. */
    static final String PURGED = "***purged***";

    /** Stands for what is sealed under a master key that is not here. */
    static final String SEALED = "***sealed***";

    private static final Logger LOG = LoggerFactory.getLogger(SealedViews.class);

    private final RecordCodec codec;
    private final MasterKeys masterKeys;

    SealedViews(RecordCodec codec, MasterKeys masterKeys) {
        this.codec = codec;
        this.masterKeys = masterKeys;
    }

    /**
     * A status as its readers may see it.
     *
     * @param keys wrapped keys by executionId, as fresh as the status
     */
    ExecutionStatus opened(String executionId, ExecutionStatus status, ReadOnlyKeyValueStore<String, byte[]> keys) {
        return SealedRecords.keyId(status)
                .map(keyId -> opened(executionId, keyId, status, keys, SealedRecords::open, SealedRecords::marked))
                .orElse(status);
    }

    /** A step as its readers may see it, likewise. */
    HistoryRecord opened(String executionId, HistoryRecord step, ReadOnlyKeyValueStore<String, byte[]> keys) {
        return SealedRecords.keyId(step)
                .map(keyId -> opened(executionId, keyId, step, keys, SealedRecords::open, SealedRecords::marked))
                .orElse(step);
    }

    private <T> T opened(
            String executionId,
            String keyId,
            T record,
            ReadOnlyKeyValueStore<String, byte[]> keys,
            BiFunction<T, ExecutionKey, T> opening,
            BiFunction<T, String, T> marking) {
        try {
            return switch (ExecutionKeys.find(executionId, keyId, keys.get(executionId), codec, masterKeys)) {
                case KeyLookup.Found(var key) -> opening.apply(record, key);
                case KeyLookup.Locked(var why) -> {
                    LOG.debug("What is sealed of {} is not shown: {}", executionId, why);
                    yield marking.apply(record, SEALED);
                }
                case KeyLookup.Absent _ -> marking.apply(record, PURGED);
            };
        } catch (BrokenSeal e) {
            LOG.error(
                    "What is sealed of {} is not opened by the keys that there are; 'audit verify' tells whether it was changed: {}",
                    executionId,
                    e.getMessage());
            return marking.apply(record, SEALED);
        }
    }
}
