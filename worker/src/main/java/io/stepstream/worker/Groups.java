package io.stepstream.worker;

import io.stepstream.schemas.Brokers;
import io.stepstream.schemas.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** By what kind of group the workers of these brokers share their requests. */
sealed interface Groups {

    /** How often a request of this name is delivered at most. */
    int deliveryLimit(String taskName);

    /** What takes the requests of this name; not open yet. */
    Intake intake(Map<String, Object> kafka, String taskName, Service service, int concurrency, Duration grace);

    /**
     * Share groups where the brokers have them, and these are set up for all names; classic groups elsewhere.
     *
     * @param brokers is asked when none can be reached
     */
    static Groups prepare(Admin admin, Brokers brokers, Collection<String> taskNames) {
        return Share.areThere(admin) ? Share.of(admin, brokers, taskNames) : Classic.instead();
    }

    /** Share groups (KIP-932): any number of workers, whatever the number of partitions. Settings belong to the group, not to its members. */
    record Share(Map<String, Integer> limits, Brokers brokers) implements Groups {

        private static final String FEATURE = "share.version";
        private static final String DELIVERY_LIMIT = "share.delivery.count.limit";

        static boolean areThere(Admin admin) {
            var finalized = await(admin.describeFeatures().featureMetadata(), "the brokers' features")
                    .finalizedFeatures();
            return Optional.ofNullable(finalized.get(FEATURE))
                    .filter(level -> level.maxVersionLevel() > 0)
                    .isPresent();
        }

        static Share of(Admin admin, Brokers brokers, Collection<String> taskNames) {
            taskNames.forEach(name -> Topics.configureWorkers(admin, name));
            var groups = taskNames.stream().map(Share::group).toList();
            var configs = await(admin.describeConfigs(groups).all(), "the settings of the share groups " + groups);
            Map<String, Integer> limits = new HashMap<>();
            taskNames.forEach(name -> limits.put(name, limit(name, configs.get(group(name)))));
            return new Share(Map.copyOf(limits), brokers);
        }

        private static int limit(String name, @Nullable Config config) {
            ConfigEntry limit = config == null ? null : config.get(DELIVERY_LIMIT);
            if (limit == null || limit.value() == null) {
                throw new KafkaException("the broker does not tell " + DELIVERY_LIMIT + " of group "
                        + Topics.workerGroup(name) + "; share groups of workers need Kafka 4.3 or later");
            }
            return Integer.parseInt(limit.value());
        }

        private static ConfigResource group(String name) {
            return new ConfigResource(ConfigResource.Type.GROUP, Topics.workerGroup(name));
        }

        @Override
        public int deliveryLimit(String taskName) {
            return limits.getOrDefault(taskName, 1);
        }

        @Override
        public Intake intake(
                Map<String, Object> kafka, String taskName, Service service, int concurrency, Duration grace) {
            return new Lanes(
                    Topics.taskRequests(taskName), () -> consumer(kafka, taskName), brokers, service, concurrency);
        }

        private static ShareConsumer<byte[], byte[]> consumer(Map<String, Object> kafka, String name) {
            Map<String, Object> config = new HashMap<>(kafka);
            config.put(ConsumerConfig.GROUP_ID_CONFIG, Topics.workerGroup(name));
            config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
            // One request at a time and none fetched ahead: a lock begins when the handler does.
            config.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
            config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
            return new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
    }

    /** Classic consumer groups: as many workers as there are partitions have something to do. */
    record Classic() implements Groups {

        private static final Logger log = LoggerFactory.getLogger(Classic.class);

        /** As many as share groups allow by default. */
        private static final int DELIVERY_LIMIT = 5;

        static Classic instead() {
            log.warn("These brokers have no share groups (KIP-932): requests are taken by classic consumer groups, and"
                    + " more workers than a task's topic has partitions are idle");
            return new Classic();
        }

        @Override
        public int deliveryLimit(String taskName) {
            return DELIVERY_LIMIT;
        }

        @Override
        public Intake intake(
                Map<String, Object> kafka, String taskName, Service service, int concurrency, Duration grace) {
            return new ClassicGroup(
                    Topics.taskRequests(taskName),
                    () -> new KafkaConsumer<>(
                            config(kafka, taskName, concurrency),
                            new ByteArrayDeserializer(),
                            new ByteArrayDeserializer()),
                    service,
                    concurrency,
                    grace);
        }

        private static Map<String, Object> config(Map<String, Object> kafka, String name, int concurrency) {
            Map<String, Object> config = new HashMap<>(kafka);
            config.put(ConsumerConfig.GROUP_ID_CONFIG, Topics.classicWorkerGroup(name));
            config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
            config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
            config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, concurrency);
            config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
            return config;
        }
    }

    private static <T> T await(KafkaFuture<T> asked, String what) {
        try {
            return asked.get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException(what + " cannot be read", e.getCause());
        }
    }
}
