package io.stepstream.orchestrator.engine;

import io.stepstream.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The engine's topology, with every name in it. Names are in changelogs, offsets and state folders: they are never changed. */
public final class EngineTopology {
    static final String ENGINE = "engine";

    /** Executions, resources and postponed commands; keys in {@code RowKeys}. */
    public static final String ROWS = "rows";
    /** Timers, in the order of their due times: a store of its own, since it is read as a queue and mostly deleted again. */
    public static final String TIMERS = "timers";
    /** Records that wait for the registry: empty in normal times. */
    static final String PARKED = "parked";
    /** Data keys of sealed executions: a store of its own, so that what is destroyed is soon off the disks of its changelog. */
    static final String DATA_KEYS = "keys";
    /** What the topic of definitions says, on every instance. */
    static final String DEFINITION_STORE = "definitions";

    static final String HISTORY = "history";
    static final String EXECUTIONS = "executions";
    static final String VERDICTS = "verdicts";
    static final String INTERNAL = "internal";
    static final String TASK_REQUESTS = "task-requests";
    static final String TASK_RESULTS = "task-results";
    static final String DEFINITIONS = "definitions-sink";
    static final String DEAD_LETTERS = "dead-letters";
    static final String KEYS = "keys-sink";

    private static final int ROW_BYTES = Topics.MAX_REQUEST_BYTES;

    private EngineTopology() {}

    /** The topology with these settings. */
    public static Topology build(EngineSettings settings) {
        var bytes = new ByteArrayDeserializer();
        var topology = new Topology()
                .addSource("commands-source", bytes, bytes, Topics.COMMANDS)
                .addSource("task-results-source", bytes, bytes, Topics.TASK_RESULTS)
                .addSource("internal-source", bytes, bytes, Topics.INTERNAL)
                .addProcessor(
                        ENGINE,
                        () -> new EngineProcessor(settings),
                        "commands-source",
                        "task-results-source",
                        "internal-source");
        stores().forEach(store -> topology.addStateStore(store, ENGINE));
        topology.addGlobalStore(
                Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(DEFINITION_STORE), Serdes.String(), Serdes.ByteArray())
                        .withLoggingDisabled(),
                "definitions-source",
                new StringDeserializer(),
                bytes,
                Topics.DEFINITIONS,
                "definitions-keeper",
                DefinitionsKeeper::new);
        return addSinks(topology);
    }

    /** The stores of a partition: also those of whatever is compared with the engine. */
    public static List<StoreBuilder<KeyValueStore<Bytes, byte[]>>> stores() {
        return List.of(store(ROWS), store(TIMERS), store(PARKED), store(DATA_KEYS, Topics.promptCompaction()));
    }

    private static Topology addSinks(Topology topology) {
        var keys = new ByteArraySerializer();
        Serializer<Outgoing> values =
                (topic, outgoing) -> outgoing.value().map(Bytes::get).orElse(null);
        // Where a record names no partition, the producer chooses it by the key.
        StreamPartitioner<byte[], Outgoing> named =
                (topic, key, outgoing, partitions) -> outgoing.partition().isPresent()
                        ? Optional.of(Set.of(outgoing.partition().getAsInt()))
                        : Optional.empty();
        return topology.addSink(HISTORY, Topics.HISTORY, keys, values, ENGINE)
                .addSink(EXECUTIONS, Topics.EXECUTIONS, keys, values, ENGINE)
                .addSink(VERDICTS, Topics.VERDICTS, keys, values, ENGINE)
                .addSink(INTERNAL, Topics.INTERNAL, keys, values, named, ENGINE)
                .addSink(DEFINITIONS, Topics.DEFINITIONS, keys, values, ENGINE)
                .addSink(KEYS, Topics.KEYS, keys, values, ENGINE)
                .addSink(DEAD_LETTERS, Topics.DEAD_LETTERS, keys, values, ENGINE)
                .addSink(TASK_RESULTS, Topics.TASK_RESULTS, keys, values, named, ENGINE)
                .addSink(TASK_REQUESTS, (key, outgoing, context) -> outgoing.topic(), keys, values, ENGINE);
    }

    /** A changelog takes the largest row; its segments are small, since compaction never touches the one being written. */
    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
        return store(
                name,
                Map.of(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        String.valueOf(ROW_BYTES),
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        String.valueOf(64 * 1024 * 1024)));
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name, Map<String, String> changelog) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(changelog)
                .withCachingDisabled();
    }

    /** Keeps the topic's records as they are. */
    private static final class DefinitionsKeeper extends ContextualProcessor<String, byte[], Void, Void> {
        @Override
        public void process(Record<String, byte[]> definition) {
            KeyValueStore<String, byte[]> store = context().getStateStore(DEFINITION_STORE);
            store.put(definition.key(), definition.value());
        }
    }
}
