package io.stepstream.gateway.engine;

import io.stepstream.asl.definition.Finding;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.ActivityResource;
import io.stepstream.schemas.avro.CreateActivity;
import io.stepstream.schemas.avro.DeleteActivity;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.registry.RegistryUnavailable;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Task names and their topics. A topic is made before the engine hears of its name: the engine sends to nothing that is not there. */
public final class TaskNames implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TaskNames.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    private final CommandGate gate;
    private final Definitions definitions;
    private final Admin admin;
    private final SchemaRegistry registry;
    private final TaskNamePolicy policy;
    private final Arns arns;
    private final TaskConsumers consumers;
    private final TasksWithoutWorker metric;

    /** @param instance the gateway's */
    public TaskNames(
            CommandGate gate,
            Definitions definitions,
            Admin admin,
            SchemaRegistry registry,
            TaskNamePolicy policy,
            Arns arns,
            String instance) {
        this.gate = gate;
        this.definitions = definitions;
        this.admin = admin;
        this.registry = registry;
        this.policy = policy;
        this.arns = arns;
        this.consumers = new TaskConsumers(admin);
        this.metric = TasksWithoutWorker.published(definitions, consumers, instance);
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
        var verdict = Refusals.accepted(gate.command(sender, arn, new CreateActivity(arn, name, configuration, tags)));
        definitions.awaitSequence(arn, verdict.getSequence());
        return new Registered(arn, verdict.getAt());
    }

    /** Deletes an activity; one that is not there is as good as deleted. */
    public void deleteActivity(Sender sender, StatesArn.Activity activity) throws ApiException {
        var verdict = Refusals.accepted(gate.command(sender, activity.text(), new DeleteActivity(activity.text())));
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

    /** Makes the names of a definition usable, or refuses those that nobody has registered: that is the policy's. */
    void deploy(Collection<String> names) throws ApiException {
        if (policy == TaskNamePolicy.REFUSE) {
            var unknown = new TreeSet<String>();
            for (var name : names) {
                if (!definitions.isTask(name)) {
                    unknown.add(name);
                }
            }
            if (!unknown.isEmpty()) {
                throw new ApiException(
                        ApiError.INVALID_DEFINITION,
                        "Invalid State Machine Definition: 'TASK_NOT_REGISTERED: nobody has registered these task names: "
                                + unknown + ". Correct them, or register each by CreateActivity, at null'");
            }
        }
        makeTopics(names);
    }

    /** A finding for each of these names that nobody takes the requests of: an execution that comes there waits. */
    List<Finding> withoutConsumer(Collection<String> names) {
        if (names.isEmpty()) {
            return List.of();
        }
        var missing = consumers.missing(names);
        missing.forEach(name -> LOG.warn("Nobody takes the requests of task {}", name));
        return missing.stream()
                .map(name -> new Finding(
                        Finding.Severity.WARNING,
                        "TASK_WITHOUT_WORKER",
                        "",
                        "Nobody takes the requests of task " + name,
                        "Start a worker for it; until then an execution that asks for it waits for its timeout"))
                .toList();
    }

    @Override
    public void close() {
        metric.close();
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
                // The topic's own subject, for tools; the engine writes by the id that the schema has in every subject.
                registry.register(Topics.taskRequests(name) + "-value", TaskRequest.getClassSchema());
            }
        } catch (RegistryUnavailable e) {
            LOG.warn("The schema of task requests could not be registered: {}", e.getMessage());
            throw new ApiException(
                    ApiError.UNAVAILABLE, "The schema registry could not be reached. Retry with the same key");
        } catch (ExecutionException | KafkaException | TimeoutException e) {
            LOG.warn("Task topics could not be made: {}", e.getMessage());
            throw new ApiException(ApiError.UNAVAILABLE, "Kafka could not be reached. Retry with the same key");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ApiError.UNAVAILABLE, "The gateway is stopping");
        }
    }
}
