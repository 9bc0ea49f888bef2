package io.stepstream.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.schemas.avro.WrappedKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of executions, as {@code stepstream.keys} has them at one time: what replay and audit open sealed records with, by {@link SealedRecords}. Some
 * 250 bytes of memory for each sealed execution that is not purged. Not thread-safe while it is filled.
 */
public final class ExecutionKeys {

    private final RecordCodec codec;
    private final MasterKeys masterKeys;
    private final Map<String, byte[]> wrapped = new HashMap<>();

    /** No keys yet; they are given by {@link #put}, out of a topic or a copy of one. */
    public ExecutionKeys(RecordCodec codec, MasterKeys masterKeys) {
        this.codec = codec;
        this.masterKeys = masterKeys;
    }

    /**
     * All keys that the topic has now.
     *
     * @param clients settings of a Kafka client
     * @throws IllegalStateException if the topic's end is not reached within this time
     */
    public static ExecutionKeys read(
            Map<String, ?> clients, RecordCodec codec, MasterKeys masterKeys, Duration patience) {
        ExecutionKeys keys = new ExecutionKeys(codec, masterKeys);
        Map<String, Object> config = new HashMap<>(clients);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.KEYS).stream()
                    .map(partition -> new TopicPartition(Topics.KEYS, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long start = System.nanoTime();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (System.nanoTime() - start > patience.toNanos()) {
                    throw new IllegalStateException(Topics.KEYS + " was not read to its end within " + patience
                            + ": see whether its brokers are reachable, then try again");
                }
                consumer.poll(Duration.ofMillis(100)).forEach(record -> keys.put(record.key(), record.value()));
            }
        }
        return keys;
    }

    /** Takes a record of the topic; null as value is a tombstone. */
    public void put(byte[] executionId, byte @Nullable [] wrappedKey) {
        String id = new String(executionId, UTF_8);
        if (wrappedKey == null) {
            wrapped.remove(id);
        } else {
            wrapped.put(id, wrappedKey);
        }
    }

    /**
     * The key that something of an execution is sealed under.
     *
     * @param keyId as {@link SealedRecords#keyId} tells it
     */
    public KeyLookup find(String executionId, String keyId) {
        return find(executionId, keyId, wrapped.get(executionId), codec, masterKeys);
    }

    /**
     * The key, out of the record that the topic has for its execution.
     *
     * @param stored null if there is none
     * @throws IllegalStateException if the record is none of the engine's
     */
    public static KeyLookup find(
            String executionId, String keyId, byte @Nullable [] stored, RecordCodec codec, MasterKeys masterKeys) {
        if (stored == null) {
            return new KeyLookup.Absent();
        }
        try {
            WrappedKey key = codec.decode(stored, WrappedKey.class);
            return key.getKeyId().equals(keyId)
                    ? new KeyLookup.Found(masterKeys.unwrap(executionId, key))
                    : new KeyLookup.Absent();
        } catch (MissingMasterKey e) {
            return new KeyLookup.Locked(String.valueOf(e.getMessage()));
        } catch (Undecodable e) {
            throw new IllegalStateException(
                    "the key of execution " + executionId + " is not one: " + e.getMessage(), e);
        }
    }
}
