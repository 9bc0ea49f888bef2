package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.metrics.Meters;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** Which view is made of which topic, and the names of their stores. */
final class ViewsTopology {

    /** executionId, first event id → where the events are. An index: the events themselves stay in the topic only. */
    static final String HISTORY = "history-index";

    /** executionId, ticket → what became of the task. */
    static final String TASKS = "tasks";

    /** executionId, ticket → a Map run; and where the run of an id is. */
    static final String MAP_RUNS = "map-runs";
    /** when, executionId, ticket → a task that waits for a person's decision. */
    static final String APPROVALS = "pending-approvals";

    /** executionId → the last status, as the bytes in the topic. */
    static final String EXECUTIONS = "executions";

    /** Executions in the order of lists. */
    static final String LISTS = "execution-lists";

    /** executionId → the wrapped key of what is sealed of it, as the bytes in the topic. */
    static final String KEYS = "keys";

    private ViewsTopology() {}

    static Topology build(RecordCodec codec, Meters meters, Progress progress, Watches statuses, Watches histories) {
        var builder = new StreamsBuilder();
        var consumed = Consumed.with(Serdes.String(), Serdes.ByteArray());

        builder.addStateStore(Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(HISTORY), Serdes.ByteArray(), Serdes.ByteArray()));
        builder.addStateStore(Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(TASKS), Serdes.ByteArray(), Serdes.ByteArray()));
        builder.addStateStore(Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(MAP_RUNS), Serdes.ByteArray(), Serdes.ByteArray()));
        builder.addStateStore(Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(APPROVALS), Serdes.ByteArray(), Serdes.ByteArray()));
        builder.table(Topics.KEYS, consumed.withName("keys-source"), tableAs(KEYS))
                .toStream(Named.as("keys-applied"))
                .process(() -> new KeysApplied(progress), Named.as("keys-progress"));
        // Each of the three has the keys beside it, so that they are one sub-topology: an instance has all of an
        // execution.
        builder.stream(Topics.HISTORY, consumed.withName("history-source"))
                .process(
                        () -> new HistoryView(codec, meters, progress, histories),
                        Named.as("history-view"),
                        HISTORY,
                        TASKS,
                        MAP_RUNS,
                        APPROVALS,
                        KEYS);

        builder.addStateStore(Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(LISTS), Serdes.ByteArray(), Serdes.ByteArray()));
        builder.table(Topics.EXECUTIONS, consumed.withName("executions-source"), tableAs(EXECUTIONS))
                .toStream(Named.as("executions-applied"))
                .process(
                        () -> new ExecutionsApplied(codec, meters, progress, statuses),
                        Named.as("executions-progress"),
                        LISTS,
                        KEYS);

        var settings = new Properties();
        // The compacted topic is its table's changelog: nothing is written a second time.
        settings.putAll(Map.of(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.REUSE_KTABLE_SOURCE_TOPICS));
        return builder.build(settings);
    }

    private static Materialized<String, byte[], KeyValueStore<Bytes, byte[]>> tableAs(String store) {
        return Materialized.<String, byte[], KeyValueStore<Bytes, byte[]>>as(store)
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.ByteArray())
                .withCachingDisabled();
    }
}
