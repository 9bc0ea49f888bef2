package io.stepstream.gateway.engine;

import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.ActivityResource;
import io.stepstream.schemas.avro.CreateActivity;
import io.stepstream.schemas.avro.DeleteActivity;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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

    /** Creates an activity, whose name is then a registered task name too. */
    public Registered createActivity(Sender sender, String name, String configuration, Map<String, String> tags)
            throws ApiException {
        if (!Arns.isName(name) || !Topics.isTaskName(name)) {
            throw Refusals.invalidName(name);
        }
        makeTopics(Set.of(name));
        var arn = arns.activity(name);
        var verdict =
                Refusals.accepted(gate.command(sender, arn, new CreateActivity(arn, name, configuration, tags)));
        definitions.awaitSequence(arn, verdict.getSequence());
        return new Registered(arn, verdict.getAt());
    }

    /** Deletes an activity; one that is not there is as good as deleted. */
    public void deleteActivity(Sender sender, StatesArn.Activity activity) throws ApiException {
        var verdict =
                Refusals.accepted(gate.command(sender, activity.text(), new DeleteActivity(activity.text())));
        definitions.awaitSequence(activity.text(), verdict.getSequence());
    }

    /** The activity of this ARN. */
    public ActivityResource activity(StatesArn.Activity activity) throws ApiException {
        definitions.catchUp();
        return definitions.activity(activity.text()).orElseThrow(() -> Refusals.activityDoesNotExist(activity.text()));
    }

    /** All activities, or those behind this ARN. */
    public List<ActivityResource> activitiesAfter(String arn) throws ApiException {
        definitions.catchUp();
        return definitions.activitiesAfter(arn);
    }

    /** The registered name that an activity's ARN names. */
    public String ofActivity(String activityArn) throws ApiException {
        var activity = ResourceArns.of(StatesArn.Activity.class, activityArn);
        if (definitions.isDeletedActivity(activityArn) || !definitions.isTask(activity.name())) {
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
