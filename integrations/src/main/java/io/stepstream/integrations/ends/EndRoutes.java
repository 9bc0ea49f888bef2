package io.stepstream.integrations.ends;

import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.registry.IncompatibleSchema;
import io.stepstream.schemas.registry.RegistryUnavailable;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Where the ends of executions are told: what their state machines name, as far as something can be written there. */
public final class EndRoutes {

    /** Where an end is told. */
    public sealed interface Route {
        /** Nobody wants to hear of it. */
        record Unasked() implements Route {}

        record To(String topic) implements Route {}

        /** A topic is named that nothing can be written into. */
        record Impossible(String reason) implements Route {}
    }

    private static final String OURS = "stepstream.";

    private final EndTopics topics;
    private final Admin admin;
    private final SchemaRegistry registry;

    /** @param definitions a consumer of nobody else, read committed; it stays the caller's to close */
    public EndRoutes(Consumer<byte[], byte[]> definitions, RecordCodec codec, Admin admin, SchemaRegistry registry) {
        this.topics = new EndTopics(definitions, codec);
        this.admin = admin;
        this.registry = registry;
    }

    /** Reads what state machines name by now. */
    public void catchUp() {
        topics.catchUp();
    }

    /**
     * Where ends of this state machine are told. Topics are asked for each time: they come and go, and ends are few beside steps.
     *
     * @throws KafkaException if a topic cannot be looked for
     * @throws RegistryUnavailable if the registry is needed and does not answer
     */
    public Route of(String stateMachineArn) {
        return topics.of(stateMachineArn)
                .map(topic -> problem(topic)
                        .<Route>map(problem -> new Route.Impossible(
                                problem + "; " + EndTopics.TAG + " of " + stateMachineArn + " names it"))
                        .orElseGet(() -> new Route.To(topic)))
                .orElseGet(Route.Unasked::new);
    }

    private Optional<String> problem(String topic) {
        if (topic.startsWith(OURS)) {
            return Optional.of("topics that begin with " + OURS + " are the engine's, not " + topic);
        }
        try {
            admin.describeTopics(Set.of(topic)).allTopicNames().get();
            registry.register(topic + "-value", ExecutionStatus.getClassSchema());
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof InvalidTopicException) {
                return Optional.of("there is no topic " + topic);
            }
            throw new KafkaException("topic " + topic + " cannot be looked for", e.getCause());
        } catch (IncompatibleSchema e) {
            return Optional.of("topic " + topic + " is for records of another schema: " + e.getMessage());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
