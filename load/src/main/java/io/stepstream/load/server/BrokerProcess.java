package io.stepstream.load.server;

import io.stepstream.local.LocalKafka;
import io.stepstream.local.LocalRegistry;
import io.stepstream.schemas.Topics;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/** A broker and a schema registry. */
public final class BrokerProcess {
    private BrokerProcess() {}

    /** Arguments: data folder, partitions of the topics, then the broker's properties as name=value. */
    public static void main(String[] args) throws Exception {
        var overrides = Arrays.stream(args)
                .skip(2)
                .map(property -> property.split("=", 2))
                .collect(Collectors.toMap(property -> property[0], property -> property[1]));
        var kafka = LocalKafka.start(Path.of(args[0]), 0, overrides);
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Topics.create(admin, Integer.parseInt(args[1]), (short) 1);
        }
        var registry = LocalRegistry.start(kafka.bootstrapServers(), 0);
        System.out.println("ready " + kafka.bootstrapServers() + ' ' + registry.uri());
    }
}
