package io.stepstream.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Creates topics and compares those that there are with those that there should be. */
final class TopicAdmin {

    private static final Set<String> AT_LEAST = Set.of(
            TopicConfig.RETENTION_MS_CONFIG, TopicConfig.RETENTION_BYTES_CONFIG, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);

    /** What may be lower, and not higher. */
    private static final Set<String> AT_MOST =
            Set.of(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG);

    static final Map<String, String> GROUP_SETTINGS = Map.of(
            // A request that was there before the first worker is still to be done.
            "share.auto.offset.reset", "earliest",
            // A request out of an aborted transaction was never made.
            "share.isolation.level", "read_committed");

    private static final Duration SEEN_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration SEEN_POLL = Duration.ofMillis(10);

    private TopicAdmin() {}

    static void create(Admin admin, Map<String, TopicSettings> topics, int partitions, short replication) {
        List<NewTopic> wanted = topics.entrySet().stream()
                .map(topic -> newTopic(topic.getKey(), topic.getValue(), partitions, replication))
                .toList();
        for (KafkaFuture<Void> created : admin.createTopics(wanted).values().values()) {
            try {
                await(created);
            } catch (TopicExistsException e) {
                continue;
            }
        }
        awaitSeen("Topics " + topics.keySet(), () -> haveLeaders(admin, topics.keySet()));
    }

    private static boolean haveLeaders(Admin admin, Collection<String> topics) {
        try {
            return await(admin.describeTopics(topics).allTopicNames()).values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition ->
                            partition.leader() != null && !partition.leader().isEmpty());
        } catch (UnknownTopicOrPartitionException e) {
            return false;
        }
    }

    private static NewTopic newTopic(String name, TopicSettings settings, int partitions, short replication) {
        // An acknowledged record survives the loss of a broker, if there are brokers enough for that.
        String minInSync = replication >= 3 ? "2" : "1";
        return new NewTopic(name, settings.spread() == TopicSettings.Spread.SINGLE ? 1 : partitions, replication)
                .configs(settings.with(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, minInSync)
                        .configs());
    }

    static void configureShareGroup(Admin admin, String group) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        Collection<AlterConfigOp> settings = GROUP_SETTINGS.entrySet().stream()
                .map(setting -> new ConfigEntry(setting.getKey(), setting.getValue()))
                .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
                .toList();
        await(admin.incrementalAlterConfigs(Map.of(resource, settings)).all());
        awaitSeen("The settings of share group " + group, () -> {
            Config config =
                    await(admin.describeConfigs(List.of(resource)).all()).get(resource);
            return config != null
                    && GROUP_SETTINGS.entrySet().stream().allMatch(setting -> {
                        ConfigEntry entry = config.get(setting.getKey());
                        return entry != null && setting.getValue().equals(entry.value());
                    });
        });
    }

    /** The controller answers before brokers act on it: who goes on at once would meet the state of before. */
    private static void awaitSeen(String what, BooleanSupplier seen) {
        long start = System.nanoTime();
        while (!seen.getAsBoolean()) {
            if (System.nanoTime() - start > SEEN_TIMEOUT.toNanos()) {
                throw new TimeoutException(what + " were taken by the controller, but brokers do not show them after "
                        + SEEN_TIMEOUT.toSeconds() + " s: see whether the brokers are healthy, then start again");
            }
            try {
                Thread.sleep(SEEN_POLL);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    static List<String> check(Admin admin, Map<String, TopicSettings> fixed) {
        Set<String> names = await(admin.listTopics().names());
        Map<String, TopicSettings> present = new HashMap<>();
        List<String> findings = new ArrayList<>();
        fixed.forEach((name, settings) -> {
            if (names.contains(name)) {
                present.put(name, settings);
            } else {
                findings.add("Topic " + name + " is missing: create it with the partitions that the others have");
            }
        });
        names.stream()
                .filter(name -> name.startsWith(Topics.TASK_REQUESTS_PREFIX))
                .forEach(name -> present.put(name, TopicSettings.taskRequests()));
        findings.addAll(partitions(await(admin.describeTopics(present.keySet()).allTopicNames()), present));
        List<ConfigResource> resources =
                present.keySet().stream().sorted().map(TopicAdmin::resource).toList();
        Map<ConfigResource, Config> configs =
                await(admin.describeConfigs(resources).all());
        for (ConfigResource resource : resources) {
            Config actual = configs.get(resource);
            TopicSettings wanted = present.get(resource.name());
            if (actual != null && wanted != null) {
                wanted.configs().keySet().stream()
                        .sorted()
                        .flatMap(key ->
                                mismatch(resource.name(), key, wanted.configs().get(key), actual.get(key)))
                        .forEach(findings::add);
            }
        }
        return List.copyOf(findings);
    }

    private static List<String> partitions(Map<String, TopicDescription> topics, Map<String, TopicSettings> settings) {
        TopicDescription first = topics.get(Topics.COMMANDS);
        List<String> findings = new ArrayList<>();
        topics.values().stream().sorted((a, b) -> a.name().compareTo(b.name())).forEach(topic -> {
            int count = topic.partitions().size();
            TopicSettings wanted = settings.get(topic.name());
            if (wanted == null) {
                return;
            }
            switch (wanted.spread()) {
                case SINGLE -> {
                    if (count != 1) {
                        findings.add(
                                "Topic " + topic.name() + " has " + count
                                        + " partitions instead of 1: its order is lost; delete and create it again, and deploy again");
                    }
                }
                case ENGINE -> {
                    if (first != null && count != first.partitions().size()) {
                        findings.add("Topic " + topic.name() + " has " + count + " partitions and "
                                + Topics.COMMANDS + " has " + first.partitions().size()
                                + ": counts are fixed at creation, and adding partitions moves executions away from their"
                                + " rows. Restore the topic with the count it had");
                    }
                }
                case OWN -> {}
            }
        });
        return findings;
    }

    private static Stream<String> mismatch(
            String topic, String key, @Nullable String wanted, @Nullable ConfigEntry entry) {
        String actual = entry == null ? null : entry.value();
        if (wanted == null || actual == null || satisfies(key, wanted, actual)) {
            return Stream.empty();
        }
        return Stream.of("Topic " + topic + " has " + key + "=" + actual + ", it takes "
                + bound(key, wanted) + wanted
                + ": kafka-configs.sh --alter --entity-type topics --entity-name " + topic + " --add-config " + key
                + "="
                + wanted);
    }

    private static String bound(String key, String wanted) {
        if (AT_MOST.contains(key)) {
            return "at most ";
        }
        return AT_LEAST.contains(key) && !wanted.equals("-1") ? "at least " : "";
    }

    private static boolean satisfies(String key, String wanted, String actual) {
        if (key.startsWith("segment.")) {
            // Segments are a matter of speed and disk, not of right and wrong.
            return true;
        }
        if (AT_MOST.contains(key)) {
            return Double.parseDouble(actual) <= Double.parseDouble(wanted);
        }
        if (!AT_LEAST.contains(key)) {
            return actual.equals(wanted);
        }
        long have = Long.parseLong(actual);
        long want = Long.parseLong(wanted);
        return have == want || have == -1 || want != -1 && have >= want;
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
        }
    }
}
