package io.stepstream.audit.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.replay.Keys;
import io.stepstream.schemas.ExecutionKeys;
import io.stepstream.schemas.KeyLookup;
import io.stepstream.schemas.MasterKeys;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;

/** The keys of sealed executions that come with a log. */
public final class LogKeys {
    private LogKeys() {}

    /**
     * Reads the keys of those executions that are wanted; they stay in memory, some 250 bytes each.
     *
     * @param masterKeys what they can be unwrapped with; without them, whatever is sealed stays so
     * @param wanted told executionIds
     */
    public static Keys read(LogSource log, Optional<MasterKeys> masterKeys, Predicate<String> wanted) {
        if (masterKeys.isEmpty()) {
            return Keys.NONE;
        }
        var partitions = log.partitions(LogTopic.KEYS);
        if (partitions.isEmpty()) {
            return (_, _) -> new KeyLookup.Locked("this log comes without keys");
        }
        var keys = new ExecutionKeys(log.codec(), masterKeys.get());
        for (int partition : partitions.keySet()) {
            try (var reader = log.read(LogTopic.KEYS, partition)) {
                while (reader.hasNext()) {
                    var record = reader.next();
                    if (wanted.test(record.keyText())) {
                        keys.put(
                                record.keyText().getBytes(UTF_8),
                                record.value().map(Bytes::get).orElse(null));
                    }
                }
            }
        }
        return keys::find;
    }
}
