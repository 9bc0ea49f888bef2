package io.stepstream.worker;

import io.stepstream.schemas.Topics;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** The settings of task names' share groups. They belong to the group, not to its members (KIP-932). */
final class ShareGroups {

    private static final String DELIVERY_LIMIT = "share.delivery.count.limit";

    private ShareGroups() {}

    /** Sets up the group of every name before its first member joins; answers how often each name's requests are delivered at most. */
    static Map<String, Integer> prepare(Admin admin, Collection<String> names) {
        names.forEach(name -> Topics.configureWorkers(admin, name));
        Map<ConfigResource, Config> configs = describe(admin, names);
        Map<String, Integer> limits = new HashMap<>();
        names.forEach(name -> limits.put(name, deliveryLimit(name, configs.get(group(name)))));
        return limits;
    }

    private static Map<ConfigResource, Config> describe(Admin admin, Collection<String> names) {
        try {
            return admin.describeConfigs(names.stream().map(ShareGroups::group).toList())
                    .all()
                    .get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException("the settings of the share groups of " + names + " cannot be read", e.getCause());
        }
    }

    private static int deliveryLimit(String name, @Nullable Config config) {
        ConfigEntry limit = config == null ? null : config.get(DELIVERY_LIMIT);
        if (limit == null || limit.value() == null) {
            throw new KafkaException("the broker does not tell " + DELIVERY_LIMIT + " of group "
                    + Topics.workerGroup(name) + "; workers need Kafka 4.3 or later");
        }
        return Integer.parseInt(limit.value());
    }

    private static ConfigResource group(String name) {
        return new ConfigResource(ConfigResource.Type.GROUP, Topics.workerGroup(name));
    }
}
