package io.stepstream.load;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** How a broker's topics are laid out: partitions, replicas, and what is not the broker's default. */
final class TopicDescription {
    private TopicDescription() {}

    /** By name; those that Kafka keeps for itself apart. */
    static Map<String, String> of(String bootstrapServers) throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            var names = admin.listTopics().names().get().stream()
                    .filter(name -> !name.equals("stepstream.schemas") && !name.contains("views"))
                    .toList();
            var topics = admin.describeTopics(names).allTopicNames().get();
            List<ConfigResource> resources = names.stream()
                    .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                    .toList();
            var configs = admin.describeConfigs(resources).all().get();
            var described = new TreeMap<String, String>();
            topics.forEach((name, topic) -> described.put(
                    name,
                    topic.partitions().size() + " partitions, "
                            + topic.partitions().getFirst().replicas().size() + " replica, "));
            configs.forEach((resource, config) ->
                    described.computeIfPresent(resource.name(), (name, layout) -> layout + own(config)));
            return described;
        }
    }

    private static Map<String, String> own(Config config) {
        return config.entries().stream()
                .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value, (a, b) -> a, TreeMap::new));
    }
}
