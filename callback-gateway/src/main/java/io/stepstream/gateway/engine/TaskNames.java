package io.stepstream.gateway.engine;

import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.RegisterTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Task names and their topics. A topic is made before the engine hears of its name: the engine sends to nothing that is not there. */
public final class TaskNames {

    private static final Logger LOG = LoggerFactory.getLogger(TaskNames.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    private final CommandGate gate;
    private final Definitions definitions;
    private final Admin admin;
    private final Arns arns;

    public TaskNames(CommandGate gate, Definitions definitions, Admin admin, Arns arns) {
        this.gate = gate;
        this.definitions = definitions;
        this.admin = admin;
        this.arns = arns;
    }

    /** A registered activity. */
    public record Registered(String activityArn, Instant creationDate) {}

    /** Registers a task name: from now on state machines may use it, and workers may poll it. */
    public Registered register(Sender sender, String name) throws ApiException {
        if (!Arns.isName(name) || !Topics.isTaskName(name)) {
            throw Refusals.invalidName(name);
        }
        makeTopics(Set.of(name));
        var arn = arns.activity(name);
        var verdict = Refusals.accepted(gate.command(sender, arn, new RegisterTask(name)));
        definitions.awaitTask(name);
        return new Registered(arn, verdict.getAt());
    }

    /** The registered name that an activity's ARN names. */
    public String ofActivity(String activityArn) throws ApiException {
        if (!(StatesArn.parse(activityArn).orElse(null) instanceof StatesArn.Activity activity)) {
            throw Refusals.invalidArn(activityArn);
        }
        if (!definitions.isTask(activity.name())) {
            throw Refusals.activityDoesNotExist(activityArn);
        }
        return activity.name();
    }

    /** Makes the topics of these names, where they are not there: as many partitions and copies as {@code commands} has. */
    void makeTopics(Collection<String> names) throws ApiException {
        if (names.isEmpty()) {
            return;
        }
        var illegal = names.stream().filter(name -> !Topics.isTaskName(name)).toList();
        if (!illegal.isEmpty()) {
            throw new ApiException(
                    ApiError.INVALID_DEFINITION,
                    "A task name is 1 to 80 visible characters, without white space, which these are not: " + illegal);
        }
        try {
            var model = admin.describeTopics(Set.of(Topics.COMMANDS))
                    .allTopicNames()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .values()
                    .iterator()
                    .next()
                    .partitions();
            var replication = (short) model.getFirst().replicas().size();
            for (var name : names) {
                Topics.createTask(admin, name, model.size(), replication);
            }
        } catch (ExecutionException | KafkaException | TimeoutException e) {
            LOG.warn("Task topics could not be made: {}", e.getMessage());
            throw new ApiException(ApiError.UNAVAILABLE, "Kafka could not be reached. Retry with the same key");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ApiError.UNAVAILABLE, "The gateway is stopping");
        }
    }
}
