package io.stepstream.schemas;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.internals.Topic;

/** Whether a cluster is as an installation needs it: what {@link Topics#check} says, and the brokers' and groups' own settings. */
public final class ClusterCheck {

    private static final String OFFSETS_RETENTION = "offsets.retention.minutes";
    private static final String OFFSETS_SEGMENT = "offsets.topic.segment.bytes";
    private static final int OFFSETS_SEGMENT_BYTES = 1 << 20;
    private static final String AUTO_CREATION = "auto.create.topics.enable";
    private static final String SHARE_FEATURE = "share.version";
    private static final long MINUTE_MS = 60_000;
    private static final List<String> PREFIXES = List.of("stepstream.", "stepstream-");
    /** Many times {@code transaction.timeout.ms} of an engine. */
    private static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(1);

    private final Admin admin;

    public ClusterCheck(Admin admin) {
        this.admin = admin;
    }

    /**
     * A topic as it is.
     *
     * @param replication copies of its first partition
     */
    public record Layout(String topic, int partitions, int replication) {}

    /** Our topics, by name. */
    public List<Layout> topics() {
        var names = names();
        return new TreeMap<>(TopicAdmin.await(admin.describeTopics(names).allTopicNames()))
                .values().stream().map(ClusterCheck::layout).toList();
    }

    private List<String> names() {
        return TopicAdmin.await(admin.listTopics().names()).stream()
                .filter(name -> name.startsWith("stepstream."))
                .toList();
    }

    private static Layout layout(TopicDescription topic) {
        return new Layout(
                topic.name(),
                topic.partitions().size(),
                topic.partitions().getFirst().replicas().size());
    }

    /** Everything that is not as it must be, in words, each with what to do; empty if nothing. */
    public List<String> findings() {
        var findings = new ArrayList<>(Topics.check(admin));
        var broker = broker();
        offsets(broker, findings);
        offsetSegments(broker, findings);
        value(broker, AUTO_CREATION)
                .filter("true"::equals)
                .ifPresent(
                        _ -> findings.add(
                                "The brokers have " + AUTO_CREATION
                                        + "=true: whoever asks for a topic that is not there makes one with the wrong settings; set it to false"));
        if (shareVersion() < 1) {
            findings.add("The cluster has no share groups (feature " + SHARE_FEATURE
                    + "): kafka-features.sh upgrade --feature " + SHARE_FEATURE
                    + "=1; until then workers read by ordinary consumer groups, and GetActivityTask is not served");
        } else {
            groups(findings);
        }
        openTransactions(findings);
        return findings;
    }

    /** Offsets of a group that is away must outlive the records that it has still to read. */
    private void offsets(Config broker, List<String> findings) {
        var kept = value(broker, OFFSETS_RETENTION).map(Long::parseLong).orElse(0L);
        var longest = TopicSettings.inputRetentionMs() / MINUTE_MS;
        if (kept <= longest) {
            findings.add("The brokers have " + OFFSETS_RETENTION + "=" + kept + ", and inputs are kept for " + longest
                    + " minutes: an engine that was away for long would have lost its place; set it above " + longest
                    + ", as to 525600");
        }
    }

    /** What a coordinator reads before its groups can work, and while it does, it may go wrong for good (ADR 0062). */
    private void offsetSegments(Config broker, List<String> findings) {
        var made = TopicAdmin.await(admin.listTopics(new ListTopicsOptions().listInternal(true))
                        .names())
                .contains(Topic.GROUP_METADATA_TOPIC_NAME);
        var key = made ? TopicConfig.SEGMENT_BYTES_CONFIG : OFFSETS_SEGMENT;
        var bytes = value(made ? topic(Topic.GROUP_METADATA_TOPIC_NAME) : broker, key)
                .map(Long::parseLong)
                .orElse(0L);
        if (bytes <= OFFSETS_SEGMENT_BYTES) {
            return;
        }
        var who = made ? "Topic " + Topic.GROUP_METADATA_TOPIC_NAME + " has " : "The brokers have ";
        var cure = made
                ? "kafka-configs.sh --alter --entity-type topics --entity-name " + Topic.GROUP_METADATA_TOPIC_NAME
                        + " --add-config " + key + '='
                : "set it to ";
        findings.add(who + key + '=' + bytes
                + ": a broker that takes over reads as much and more before groups work, and one"
                + " that is long about it may never be done; " + cure + OFFSETS_SEGMENT_BYTES);
    }

    /** A transaction whose end a broker has forgotten (ADR 0063) is open for good, and who reads what is committed waits there. */
    private void openTransactions(List<String> findings) {
        var topics = TopicAdmin.await(admin.listTopics().names()).stream()
                .filter(name -> PREFIXES.stream().anyMatch(name::startsWith))
                .toList();
        var partitions = TopicAdmin.await(admin.describeTopics(topics).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
        var before = System.currentTimeMillis() - LONGEST_TRANSACTION.toMillis();
        TopicAdmin.await(admin.describeProducers(partitions).all()).entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
                .forEach(entry -> entry.getValue().activeProducers().stream()
                        .filter(producer ->
                                producer.currentTransactionStartOffset().isPresent()
                                        && producer.lastTimestamp() < before)
                        .forEach(producer -> findings.add("Partition " + entry.getKey()
                                + " has an open transaction, from offset "
                                + producer.currentTransactionStartOffset().getAsLong() + ", of "
                                + Instant.ofEpochMilli(producer.lastTimestamp())
                                + ": readers wait behind it. If its coordinator holds it for ended, Kafka has lost its end, and"
                                + " aborting it may undo half of a step: docs/chaos.md says when that happens")));
    }

    private void groups(List<String> findings) {
        var groups = names().stream()
                .filter(name -> name.startsWith(Topics.TASK_REQUESTS_PREFIX))
                .sorted()
                .map(group -> new ConfigResource(ConfigResource.Type.GROUP, group))
                .toList();
        Map<ConfigResource, Config> configs =
                TopicAdmin.await(admin.describeConfigs(groups).all());
        for (var group : groups) {
            var config = configs.getOrDefault(group, new Config(List.of()));
            new TreeMap<>(TopicAdmin.GROUP_SETTINGS).forEach((key, wanted) -> {
                var actual = value(config, key).orElse("nothing");
                if (!actual.equals(wanted)) {
                    findings.add("Share group " + group.name() + " has " + key + "=" + actual + ", it takes " + wanted
                            + ": kafka-configs.sh --alter --entity-type groups --entity-name " + group.name()
                            + " --add-config " + key + "=" + wanted);
                }
            });
        }
    }

    private Config topic(String name) {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        return TopicAdmin.await(admin.describeConfigs(List.of(topic)).all()).getOrDefault(topic, new Config(List.of()));
    }

    private Config broker() {
        var nodes = TopicAdmin.await(admin.describeCluster().nodes());
        var any = new ConfigResource(
                ConfigResource.Type.BROKER, nodes.iterator().next().idString());
        return TopicAdmin.await(admin.describeConfigs(List.of(any)).all()).getOrDefault(any, new Config(List.of()));
    }

    private int shareVersion() {
        var features =
                TopicAdmin.await(admin.describeFeatures().featureMetadata()).finalizedFeatures();
        var range = features.get(SHARE_FEATURE);
        return range == null ? 0 : range.maxVersionLevel();
    }

    private static Optional<String> value(Config config, String key) {
        return config.entries().stream()
                .filter(entry -> entry.name().equals(key) && entry.value() != null)
                .map(ConfigEntry::value)
                .findFirst();
    }
}
