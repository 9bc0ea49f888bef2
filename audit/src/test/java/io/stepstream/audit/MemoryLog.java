package io.stepstream.audit;

import io.stepstream.audit.log.LogReader;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.log.OffsetRange;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.StateMachineRevision;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A log in memory, to be touched by tests. It may hold topics that an audit does not read. */
public final class MemoryLog implements LogSource, Recorder.Sink {
    final SchemaRegistry registry;
    private final RecordCodec codec;
    private final SortedMap<String, SortedMap<Integer, List<LogRecord>>> records = new TreeMap<>();

    public MemoryLog(SchemaRegistry registry) {
        this(registry, new RecordCodec(registry));
    }

    private MemoryLog(SchemaRegistry registry, RecordCodec codec) {
        this.registry = registry;
        this.codec = codec;
    }

    /** A copy, whose records can be changed without changing this. */
    public MemoryLog copy() {
        var copy = new MemoryLog(registry, codec);
        records.forEach((topic, partitions) -> partitions.forEach((partition, list) ->
                copy.records.computeIfAbsent(topic, _ -> new TreeMap<>()).put(partition, new ArrayList<>(list))));
        return copy;
    }

    /** The definitions that are in it, by the names of their state machines. */
    Map<String, String> definitions() {
        var definitions = new TreeMap<String, String>();
        for (var record : of(LogTopic.DEFINITIONS, 0)) {
            try {
                var value = record.value().orElseThrow().get();
                if (codec.decode(value, Definition.class).getBody() instanceof StateMachineRevision revision) {
                    definitions.put(revision.getName(), revision.getDefinition());
                }
            } catch (Undecodable e) {
                throw new AssertionError(e);
            }
        }
        return definitions;
    }

    List<LogRecord> of(LogTopic topic, int partition) {
        return of(topic.topic(), partition);
    }

    /** The topics that there are. */
    public List<String> topics() {
        return List.copyOf(records.keySet());
    }

    /** The records of a topic's partition, to be changed. */
    public List<LogRecord> of(String topic, int partition) {
        return records.computeIfAbsent(topic, _ -> new TreeMap<>()).computeIfAbsent(partition, _ -> new ArrayList<>());
    }

    /** How many records a topic has. */
    long count(LogTopic topic) {
        return partitions(topic).keySet().stream()
                .mapToLong(partition -> of(topic, partition).size())
                .sum();
    }

    @Override
    public void add(LogTopic topic, LogRecord record) {
        of(topic, record.partition()).add(record);
    }

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
        var ranges = new TreeMap<Integer, OffsetRange>();
        records.getOrDefault(topic.topic(), new TreeMap<>())
                .forEach((partition, list) -> ranges.put(
                        partition,
                        new OffsetRange(0, list.isEmpty() ? 0 : list.getLast().offset() + 1)));
        return ranges;
    }

    @Override
    public LogReader read(LogTopic topic, int partition, long from, long end) {
        Iterator<LogRecord> chosen = of(topic, partition).stream()
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
    public long firstSince(LogTopic topic, int partition, Instant time) {
        return of(topic, partition).stream()
                .filter(record -> record.timestamp() >= time.toEpochMilli())
                .map(LogRecord::offset)
                .findFirst()
                .orElse(partitions(topic)
                        .getOrDefault(partition, new OffsetRange(0, 0))
                        .end());
    }

    @Override
    public SchemaRegistry schemas() {
        return registry;
    }

    @Override
    public RecordCodec codec() {
        return codec;
    }

    @Override
    public void close() {}
}
