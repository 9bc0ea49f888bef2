package io.stepstream.load.server;

import io.stepstream.local.LocalKafka;
import io.stepstream.local.LocalRegistry;
import io.stepstream.schemas.Topics;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** A broker and a schema registry. */
public final class BrokerProcess {
    /** What a run has written is counted when it is over: nothing is compacted away until then. */
    private static final Map<String, String> KEEPING = Map.of("log.cleaner.min.compaction.lag.ms", "3600000");

    private BrokerProcess() {}

    /** Arguments: data folder, partitions of the topics, then the broker's properties as name=value. */
    public static void main(String[] args) throws Exception {
        var overrides = new HashMap<>(KEEPING);
        Arrays.stream(args)
                .skip(2)
                .map(property -> property.split("=", 2))
                .forEach(property -> overrides.put(property[0], property[1]));
        var kafka = LocalKafka.start(Path.of(args[0]), 0, overrides);
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Topics.create(admin, Integer.parseInt(args[1]), (short) 1);
        }
        var registry = LocalRegistry.start(kafka.bootstrapServers(), 0);
        System.out.println("ready " + kafka.bootstrapServers() + ' ' + registry.uri());
    }
}
