package io.stepstream.audit.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.audit.log.DamagedLog;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.ExecutionKeys;
import io.stepstream.schemas.KeyLookup;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.RecordCodec;
import org.apache.kafka.common.utils.Bytes;

/**
 * The wrapped keys of one partition's executions, as the log has them at its end. They are on disk, if at all, for this run only: a key
 * that is kept would outlive its purge. Not thread-safe.
 */
public final class StoredKeys implements Keys {

    private final RecordCodec codec;
    private final MasterKeys masterKeys;
    private final SpillingRows rows;
    private final boolean isComplete;

    /**
     * Reads the keys of a partition.
     *
     * @param budget bytes of memory to use
     * @param afterEach is called after each record
     * @throws io.stepstream.audit.log.DamagedLog if one cannot be read
     */
    public StoredKeys(
            LogSource log,
            int partition,
            RecordCodec codec,
            MasterKeys masterKeys,
            RowDisk disk,
            long budget,
            Runnable afterEach) {
        this.codec = codec;
        this.masterKeys = masterKeys;
        this.rows = new SpillingRows(disk, budget);
        this.isComplete = log.partitions(LogTopic.KEYS).containsKey(partition);
        if (isComplete) {
            var place = Bytes.wrap(("keys " + partition).getBytes(UTF_8));
            try (var reader = log.read(LogTopic.KEYS, partition)) {
                while (reader.hasNext()) {
                    var record = reader.next();
                    if (!RowKeys.isId(record.keyText())) {
                        throw new DamagedLog(
                                LogTopic.KEYS, partition, record.offset(), "the record's key is no execution's id");
                    }
                    var key = RowKeys.dataKey(record.keyText());
                    record.value().ifPresentOrElse(value -> rows.put(key, value.get()), () -> rows.delete(key));
                    if (rows.isFull()) {
                        rows.spill(place, new byte[0]);
                    }
                    afterEach.run();
                }
            }
        }
    }

    @Override
    public KeyLookup find(String executionId, String keyId) {
        return isComplete
                ? ExecutionKeys.find(executionId, keyId, rows.get(RowKeys.dataKey(executionId)), codec, masterKeys)
                : new KeyLookup.Locked("this log comes without keys");
    }

    @Override
    public boolean isKept(String executionId) {
        return rows.get(RowKeys.dataKey(executionId)) != null;
    }
}
