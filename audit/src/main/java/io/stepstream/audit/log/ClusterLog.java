package io.stepstream.audit.log;

import io.stepstream.audit.log.LogRecord.LogHeader;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Bytes;

/** The log of a running cluster, read by plain consumers without a group: nothing about it is changed. */
public final class ClusterLog implements LogSource {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final Map<String, Object> clients;
    private final SchemaRegistry schemas;
    private final RecordCodec codec;

    /**
     * @param clients settings of every consumer, bootstrap servers among them
     * @param schemas the cluster's registry
     */
    public ClusterLog(Map<String, Object> clients, SchemaRegistry schemas) {
        this.clients = new HashMap<>(clients);
        this.clients.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        this.clients.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        this.clients.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        this.clients.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        this.schemas = schemas;
        codec = new RecordCodec(schemas);
    }

    @Override
    public String name() {
        return "Kafka at " + clients.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG);
    }

    @Override
    public boolean isLive() {
        return true;
    }

    @Override
    public SortedMap<Integer, OffsetRange> partitions(LogTopic topic) {
        try (var consumer = consumer()) {
            var partitions = consumer.partitionsFor(topic.topic()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            var first = consumer.beginningOffsets(partitions);
            var end = consumer.endOffsets(partitions);
            var ranges = new TreeMap<Integer, OffsetRange>();
            partitions.forEach(at ->
                    ranges.put(at.partition(), new OffsetRange(first.getOrDefault(at, 0L), end.getOrDefault(at, 0L))));
            return ranges;
        } catch (KafkaException e) {
            throw new UnreadableLog(
                    name() + " does not tell what is in " + topic.topic() + " (" + e.getMessage()
                            + "): check that it runs, and its address",
                    e);
        }
    }

    /** Kafka's index of times; a history record has the time of its step. */
    @Override
    public long firstSince(LogTopic topic, int partition, Instant time) {
        var at = new TopicPartition(topic.topic(), partition);
        try (var consumer = consumer()) {
            var found = consumer.offsetsForTimes(Map.of(at, Math.max(0, time.toEpochMilli())))
                    .get(at);
            return found == null ? consumer.endOffsets(List.of(at)).getOrDefault(at, 0L) : found.offset();
        } catch (KafkaException e) {
            throw new UnreadableLog(
                    name() + " does not tell what " + at + " has since " + time + " (" + e.getMessage()
                            + "): check that it runs, and its address",
                    e);
        }
    }

    @Override
    public LogReader read(LogTopic topic, int partition, long from, long end) {
        var at = new TopicPartition(topic.topic(), partition);
        var consumer = consumer();
        consumer.assign(List.of(at));
        consumer.seek(at, from);
        return new Polling(topic, at, consumer, end, Silence.IS_TROUBLE);
    }

    /**
     * Reads a partition from an offset on, for ever: whoever asks for the next record waits until there is one.
     *
     * @param from the first offset to be read
     */
    public LogReader follow(LogTopic topic, int partition, long from) {
        var at = new TopicPartition(topic.topic(), partition);
        var consumer = consumer();
        consumer.assign(List.of(at));
        consumer.seek(at, from);
        return new Polling(topic, at, consumer, Long.MAX_VALUE, Silence.IS_NOTHING_NEW);
    }

    @Override
    public SchemaRegistry schemas() {
        return schemas;
    }

    @Override
    public RecordCodec codec() {
        return codec;
    }

    @Override
    public void close() {
        // Each reader has a consumer of its own.
    }

    private Consumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(clients, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** What it means that nothing comes for long. */
    private enum Silence {
        /** What was asked for is there, and is not given. */
        IS_TROUBLE,
        IS_NOTHING_NEW
    }

    /** Polls until the end that was asked for. */
    private static final class Polling implements LogReader {
        private final LogTopic topic;
        private final TopicPartition at;
        private final Consumer<byte[], byte[]> consumer;
        private final long end;
        private final Silence silence;
        private final Queue<LogRecord> polled = new ArrayDeque<>();

        Polling(LogTopic topic, TopicPartition at, Consumer<byte[], byte[]> consumer, long end, Silence silence) {
            this.topic = topic;
            this.at = at;
            this.consumer = consumer;
            this.end = end;
            this.silence = silence;
        }

        @Override
        public boolean hasNext() {
            var silent = Duration.ZERO;
            while (polled.isEmpty() && consumer.position(at) < end) {
                var before = consumer.position(at);
                poll();
                silent = consumer.position(at) == before ? silent.plus(POLL) : Duration.ZERO;
                if (silence == Silence.IS_TROUBLE && silent.compareTo(SILENCE) > 0) {
                    throw new UnreadableLog(
                            at + " gave nothing for " + SILENCE.toSeconds() + " s at offset " + before + " of " + end
                                    + ": check the brokers, then start again (with --resume, from where it was)");
                }
            }
            return !polled.isEmpty();
        }

        private void poll() {
            try {
                for (var record : consumer.poll(POLL)) {
                    if (record.offset() < end) {
                        polled.add(logRecord(record));
                    }
                }
            } catch (KafkaException e) {
                if (!(e instanceof CorruptRecordException) && !isOfARecord(e)) {
                    throw new UnreadableLog(
                            at + " cannot be read at offset " + consumer.position(at) + ": " + e.getMessage(), e);
                }
                var offset = consumer.position(at);
                consumer.seek(at, offset + 1);
                throw new DamagedLog(
                        topic, at.partition(), offset, "the broker's record cannot be read: " + e.getMessage());
            }
        }

        /** Kafka's consumer has no class of its own for a batch with a wrong checksum: it says what to do about it. */
        private static boolean isOfARecord(KafkaException e) {
            return String.valueOf(e.getMessage()).contains("seek past the record");
        }

        private LogRecord logRecord(ConsumerRecord<byte[], byte[]> record) {
            var headers = StreamSupport.stream(record.headers().spliterator(), false)
                    .map(header -> new LogHeader(
                            header.key(), Optional.ofNullable(header.value()).map(Bytes::wrap)))
                    .toList();
            return new LogRecord(
                    record.partition(),
                    record.offset(),
                    record.timestamp(),
                    Optional.ofNullable(record.key()).map(Bytes::wrap),
                    Optional.ofNullable(record.value()).map(Bytes::wrap),
                    headers);
        }

        @Override
        public LogRecord next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return polled.remove();
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
