package io.stepstream.local;

import static java.util.Map.entry;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The broker's properties: those of one small node that has all there is to itself. */
final class KafkaSettings {

    static final int NODE_ID = 1;
    static final String BROKER = "BROKER";
    static final String CONTROLLER = "CONTROLLER";

    /** What does not depend on where it runs. */
    private static final Map<String, String> FIXED = Map.ofEntries(
            entry("process.roles", "broker,controller"),
            entry("node.id", "" + NODE_ID),
            entry("inter.broker.listener.name", BROKER),
            entry("controller.listener.names", CONTROLLER),
            entry("listener.security.protocol.map", BROKER + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT"),
            // A send to a missing topic must fail, not make a topic with the wrong settings.
            entry("auto.create.topics.enable", "false"),
            // One node: nothing can be replicated.
            entry("default.replication.factor", "1"),
            entry("min.insync.replicas", "1"),
            entry("offsets.topic.replication.factor", "1"),
            entry("transaction.state.log.replication.factor", "1"),
            entry("transaction.state.log.min.isr", "1"),
            entry("share.coordinator.state.topic.replication.factor", "1"),
            entry("share.coordinator.state.topic.min.isr", "1"),
            // The defaults, 50 each, are for many nodes and cost start time here.
            entry("offsets.topic.num.partitions", "4"),
            entry("transaction.state.log.num.partitions", "4"),
            entry("share.coordinator.state.topic.num.partitions", "4"),
            // What a coordinator reads before its groups can work again, and Kafka may never be done with (ADR 0062).
            entry("offsets.topic.segment.bytes", "1048576"),
            // A year: a group that was away comes back to its offsets.
            entry("offsets.retention.minutes", "525600"),
            // Nobody else is about to join: waiting for members only costs time.
            entry("group.initial.rebalance.delay.ms", "0"),
            entry("group.streams.initial.rebalance.delay.ms", "0"),
            // A worker gets its first partitions with its second heartbeat: by default that is five seconds later.
            entry("group.share.min.heartbeat.interval.ms", "500"),
            entry("group.share.heartbeat.interval.ms", "500"),
            entry("group.share.assignment.interval.ms", "0"),
            // One that has gone without a word keeps its partitions for so long: by default 45 s.
            entry("group.share.session.timeout.ms", "10000"),
            entry("group.share.min.session.timeout.ms", "10000"),
            // A killed client's transaction holds readers back until it is aborted.
            entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"),
            // A transaction that begins while the markers of the last one are being written waits for so long, 20 ms by
            // default.
            entry("add.partitions.to.txn.retry.backoff.ms", "1"),
            // Lets a task's group choose short locks; the default lock stays 30 s.
            entry("group.share.min.record.lock.duration.ms", "1000"),
            // Small in memory and threads.
            entry("num.network.threads", "2"),
            entry("num.io.threads", "4"),
            entry("background.threads", "2"),
            entry("num.recovery.threads.per.data.dir", "2"),
            entry("group.coordinator.threads", "1"),
            entry("share.coordinator.threads", "1"),
            entry("remote.log.manager.thread.pool.size", "1"),
            entry("log.cleaner.dedupe.buffer.size", "4194304"),
            // After a kill, the controller takes the node for alive, and refuses its new self, until this has passed.
            entry("broker.session.timeout.ms", "4000"),
            entry("broker.heartbeat.interval.ms", "1000"));

    private KafkaSettings() {}

    static Properties properties(Path folder, int port, int controllerPort, Map<String, String> overrides) {
        Properties properties = new Properties();
        properties.putAll(FIXED);
        properties.putAll(overrides);
        String listener = BROKER + "://" + Loopback.HOST + ":" + port;
        properties.put("listeners", listener + "," + CONTROLLER + "://" + Loopback.HOST + ":" + controllerPort);
        properties.put("advertised.listeners", listener);
        properties.put("controller.quorum.voters", NODE_ID + "@" + Loopback.HOST + ":" + controllerPort);
        properties.put("log.dirs", folder.toString());
        return properties;
    }
}
