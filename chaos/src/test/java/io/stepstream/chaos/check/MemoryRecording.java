package io.stepstream.chaos.check;

import io.stepstream.audit.log.LogReader;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.log.OffsetRange;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;

/** Topics of one partition each, in memory. */
final class MemoryRecording implements Recording {
    private final SchemaRegistry schemas;
    private final SortedMap<String, List<LogRecord>> records = new TreeMap<>();

    MemoryRecording(SchemaRegistry schemas) {
        this.schemas = schemas;
    }

    MemoryRecording copy() {
        var copy = new MemoryRecording(schemas);
        records.forEach((topic, all) -> copy.records.put(topic, new ArrayList<>(all)));
        return copy;
    }

    void add(String topic, byte[] key, byte[] value, long timestamp) {
        var all = records.computeIfAbsent(topic, _ -> new ArrayList<>());
        all.add(new LogRecord(
                0,
                all.size(),
                timestamp,
                Optional.ofNullable(key).map(Bytes::wrap),
                Optional.ofNullable(value).map(Bytes::wrap),
                List.of()));
    }

    List<LogRecord> of(String topic) {
        return records.getOrDefault(topic, List.of());
    }

    void remove(String topic, Predicate<LogRecord> which) {
        of(topic).removeIf(which);
    }

    /** Removes the last record that fits, and returns it. */
    LogRecord removeLast(String topic, Predicate<LogRecord> which) {
        var found = of(topic).reversed().stream().filter(which).findFirst().orElseThrow();
        of(topic).remove(found);
        return found;
    }

    @Override
    public List<String> topics() {
        return List.copyOf(records.keySet());
    }

    @Override
    public int partitions() {
        return 1;
    }

    @Override
    public void read(String topic, Consumer<LogRecord> each) {
        of(topic).forEach(each);
    }

    @Override
    public LogSource log() {
        return new Source();
    }

    private final class Source implements LogSource {
        @Override
        public String name() {
            return "memory";
        }

        @Override
        public boolean isLive() {
            return false;
        }

        @Override
        public SortedMap<Integer, OffsetRange> partitions(LogTopic topic) {
            var all = of(topic.topic());
            return all.isEmpty()
                    ? new TreeMap<>()
                    : new TreeMap<>(
                            java.util.Map.of(0, new OffsetRange(0, all.getLast().offset() + 1)));
        }

        @Override
        public LogReader read(LogTopic topic, int partition, long from, long end) {
            var chosen = of(topic.topic()).stream()
                    .filter(record -> record.offset() >= from && record.offset() < end)
                    .iterator();
            return new LogReader() {
                @Override
                public boolean hasNext() {
                    return chosen.hasNext();
                }

                @Override
                public LogRecord next() {
                    return chosen.next();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public SchemaRegistry schemas() {
            return schemas;
        }

        @Override
        public void close() {}
    }
}
