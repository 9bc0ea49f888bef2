package io.stepstream.chaos.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.local.LocalKafka;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/**
 * A broker and controller, alone or one of several: what comes back after a kill has its old ports and its old folder. Alone it is the
 * one of dev mode, since Kafka's own start is not safe then (ADR 0063).
 */
public final class NodeProcess {
    private static final int SEVERAL = 3;

    /** What a killed worker holds is another's after this: by default after 30 s. */
    private static final Map<String, String> WORKERS_GONE = Map.of(
            "group.share.record.lock.duration.ms", "10000",
            "group.share.min.record.lock.duration.ms", "10000");

    private NodeProcess() {}

    /** Arguments: cluster id, node id, folder, client port, controller port, quorum voters, number of nodes. */
    public static void main(String[] args) throws Exception {
        var folder = Path.of(args[2]);
        if (Integer.parseInt(args[6]) == 1) {
            startAlone(folder, Integer.parseInt(args[3]));
        } else {
            startOneOfSeveral(folder, args);
        }
    }

    private static void startAlone(Path folder, int port) throws InterruptedException {
        var kafka = LocalKafka.start(folder, port, WORKERS_GONE);
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
        System.out.println("ready " + port);
        Thread.currentThread().join();
    }

    private static void startOneOfSeveral(Path folder, String[] args) throws Exception {
        var config = properties(args, folder);
        if (!Files.exists(folder.resolve("meta.properties"))) {
            Files.createDirectories(folder);
            format(args[0], Integer.parseInt(args[1]), folder);
        }
        var server = new KafkaRaftServer(KafkaConfig.fromProps(config, false), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        server.startup();
        System.out.println("ready " + args[3]);
        server.awaitShutdown();
    }

    private static void format(String cluster, int node, Path folder) throws Exception {
        new Formatter()
                .setClusterId(cluster)
                .setNodeId(node)
                .setMetadataLogDirectory(folder.toString())
                .setDirectories(List.of(folder.toString()))
                .setControllerListenerName("CONTROLLER")
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8))
                .run();
    }

    private static Properties properties(String[] args, Path folder) {
        var replicas = args[6];
        var inSync = Integer.parseInt(replicas) >= SEVERAL ? "2" : "1";
        var clients = "BROKER://127.0.0.1:" + args[3];
        var config = new Properties();
        config.put("process.roles", "broker,controller");
        config.put("node.id", args[1]);
        config.put("log.dirs", folder.toString());
        config.put("controller.quorum.voters", args[5]);
        config.put("listeners", clients + ",CONTROLLER://127.0.0.1:" + args[4]);
        config.put("advertised.listeners", clients);
        config.put("inter.broker.listener.name", "BROKER");
        config.put("controller.listener.names", "CONTROLLER");
        config.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("auto.create.topics.enable", "false");
        for (var topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            config.put(topic + ".replication.factor", replicas);
            config.put(topic + ".num.partitions", "4");
        }
        // A coordinator that takes long to load them may never be done (ADR 0062).
        config.put("offsets.topic.segment.bytes", "1048576");
        config.put("default.replication.factor", replicas);
        config.put("min.insync.replicas", inSync);
        config.put("transaction.state.log.min.isr", inSync);
        config.put("share.coordinator.state.topic.min.isr", inSync);
        config.put("group.initial.rebalance.delay.ms", "0");
        config.put("group.share.min.heartbeat.interval.ms", "500");
        config.put("group.share.heartbeat.interval.ms", "500");
        config.put("group.share.assignment.interval.ms", "0");
        // A killed worker's partitions are another's after this: by default after 45 s.
        config.put("group.share.session.timeout.ms", "10000");
        config.put("group.share.min.session.timeout.ms", "10000");
        config.putAll(WORKERS_GONE);
        // A killed client's transaction holds readers back until it is aborted.
        config.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
        config.put("add.partitions.to.txn.retry.backoff.ms", "1");
        // After a kill, the controller takes the node for alive, and refuses its new self, until this has passed.
        config.put("broker.session.timeout.ms", "4000");
        config.put("broker.heartbeat.interval.ms", "1000");
        config.put("num.network.threads", "2");
        config.put("num.io.threads", "4");
        config.put("background.threads", "2");
        config.put("log.cleaner.dedupe.buffer.size", "4194304");
        return config;
    }
}
