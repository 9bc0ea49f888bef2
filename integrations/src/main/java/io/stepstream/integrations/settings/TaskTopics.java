package io.stepstream.integrations.settings;

import io.stepstream.schemas.ClientSettings;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.registry.AwaitedRegistry;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartitionInfo;

/** Registers the task names of built-in workers. */
public final class TaskTopics {

    private static final long WITHIN_SECONDS = 30;

    private TaskTopics() {}

    /**
     * Makes the topics of these task names where they are missing, with as many partitions and copies as the engine's own topics have, and
     * registers the schema of what is in them.
     *
     * @throws io.stepstream.schemas.registry.RegistryUnavailable if the schema registry does not answer
     * @throws IllegalStateException if Kafka cannot be reached, or has not Stepstream's topics
     */
    public static void make(String bootstrapServers, Map<String, String> kafka, URI registry, List<String> taskNames) {
        var schemas = new AwaitedRegistry(new HttpSchemaRegistry(registry));
        try (Admin admin = Admin.create(ClientSettings.of(bootstrapServers, kafka))) {
            List<TopicPartitionInfo> model = admin.describeTopics(Set.of(Topics.COMMANDS))
                    .allTopicNames()
                    .get(WITHIN_SECONDS, TimeUnit.SECONDS)
                    .values()
                    .iterator()
                    .next()
                    .partitions();
            var replication = (short) model.getFirst().replicas().size();
            for (String name : taskNames) {
                Topics.createTask(admin, name, model.size(), replication);
                schemas.register(Topics.taskRequests(name) + "-value", TaskRequest.getClassSchema());
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "the topics of " + taskNames + " cannot be made at " + bootstrapServers + " (" + e
                            + "); start Kafka and create Stepstream's topics first",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while making the topics of " + taskNames, e);
        }
    }
}
