package io.stepstream.load.server;

import io.stepstream.orchestrator.engine.EngineTopology;
import java.lang.management.ManagementFactory;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * The settings that a topology runs by, as its process tells them.
 *
 * @param streams Kafka Streams' and its clients'
 * @param stores what each store is
 * @param jvm flags of the JVM
 */
public record RunSettings(TreeMap<String, String> streams, TreeMap<String, String> stores, String jvm) {
    /** Where things are, which says nothing about how they run. */
    private static final Set<String> PLACES = Set.of("bootstrap.servers", "state.dir");

    /** Of this process. */
    static RunSettings of(Properties config) {
        var streams = new TreeMap<String, String>();
        config.forEach((name, value) -> {
            if (!PLACES.contains(name)) {
                streams.put(
                        String.valueOf(name),
                        value instanceof Class<?> type ? type.getSimpleName() : String.valueOf(value));
            }
        });
        var stores = new TreeMap<String, String>();
        EngineTopology.stores()
                .forEach(store -> stores.put(
                        store.name(),
                        (store.build().persistent() ? "RocksDB" : "in memory") + ", changelog "
                                + new TreeMap<>(store.logConfig())));
        var jvm = String.join(
                " ",
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(flag -> !flag.startsWith("-D") && !flag.startsWith("-XX:StartFlightRecording"))
                        .toList());
        return new RunSettings(streams, stores, jvm);
    }
}
