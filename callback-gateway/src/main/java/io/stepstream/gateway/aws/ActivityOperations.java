package io.stepstream.gateway.aws;

import static io.stepstream.gateway.aws.Operation.returning;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.engine.ResourceArns;
import io.stepstream.gateway.engine.Sender;
import io.stepstream.gateway.engine.TaskNames;
import io.stepstream.gateway.engine.TaskPolls;
import io.stepstream.gateway.engine.Tasks;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.avro.ActivityResource;
import io.stepstream.schemas.avro.TaskRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Operations on activities, and on the tasks that workers have. */
final class ActivityOperations {
    private static final Duration LONG_POLL = Duration.ofSeconds(60);

    private final TaskNames taskNames;
    private final TaskPolls polls;
    private final Tasks tasks;
    private final Pages pages;

    ActivityOperations(TaskNames taskNames, TaskPolls polls, Tasks tasks, Pages pages) {
        this.taskNames = taskNames;
        this.polls = polls;
        this.tasks = tasks;
        this.pages = pages;
    }

    Map<String, Operation> byName() {
        return Map.of(
                "CreateActivity", returning(this::create),
                "DescribeActivity", returning(this::describe),
                "DeleteActivity", returning(this::delete),
                "ListActivities", returning(this::list),
                "GetActivityTask", this::task,
                "SendTaskSuccess", returning(this::succeed),
                "SendTaskFailure", returning(this::fail),
                "SendTaskHeartbeat", returning(this::heartbeat));
    }

    private ObjectNode create(AwsParameters parameters, Sender sender) throws ApiException {
        var name = parameters.required("name");
        var configuration = Json.object();
        Configuration.encryption(parameters)
                .ifPresent(encryption -> configuration.set("encryptionConfiguration", encryption));
        var registered =
                taskNames.createActivity(sender, name, configuration.toString(), TagOperations.tags(parameters));
        return Json.object()
                .put("activityArn", registered.activityArn())
                .put("creationDate", AwsForm.seconds(registered.creationDate()));
    }

    private static StatesArn.Activity arn(AwsParameters parameters) throws ApiException {
        return ResourceArns.of(StatesArn.Activity.class, parameters.required("activityArn"));
    }

    private ObjectNode describe(AwsParameters parameters, Sender sender) throws ApiException {
        var activity = taskNames.activity(arn(parameters));
        var output = shown(activity);
        output.setAll(Configuration.shownEncryption(activity.getConfiguration()));
        return output;
    }

    private ObjectNode delete(AwsParameters parameters, Sender sender) throws ApiException {
        taskNames.deleteActivity(sender, arn(parameters));
        return Json.object();
    }

    private ObjectNode list(AwsParameters parameters, Sender sender) throws ApiException {
        return pages.page(
                parameters,
                "ListActivities",
                "activities",
                taskNames::activitiesAfter,
                ActivityResource::getActivityArn,
                ActivityOperations::shown);
    }

    private static ObjectNode shown(ActivityResource activity) {
        return Json.object()
                .put("activityArn", activity.getActivityArn())
                .put("name", activity.getName())
                .put("creationDate", AwsForm.seconds(activity.getCreatedAt()));
    }

    private void task(AwsParameters parameters, Sender sender, Operation.Reply reply) throws ApiException {
        var name = taskNames.ofActivity(parameters.required("activityArn"));
        var worker = parameters.string("workerName");
        var had = polls.poll(name, LONG_POLL, (request, trace) -> reply.send(taken(request, sender, worker), trace));
        if (!had) {
            reply.send(Json.object());
        }
    }

    /** What a poll gets: of an activity's task, which is the worker's from then on, history tells first. */
    private ObjectNode taken(TaskRequest request, Sender sender, Optional<String> worker) throws ApiException {
        if (StatesArn.parse(request.getResource()).orElse(null) instanceof StatesArn.Activity) {
            try {
                // Not under the poll's id: an SDK polls again with the same one, and may then get another task.
                var taker = new Sender(
                        sender.channel(),
                        sender.principal().isEmpty() ? worker.orElse("") : sender.principal(),
                        sender.address(),
                        Optional.empty());
                tasks.taken(taker, request.getToken(), worker);
            } catch (ApiException e) {
                if (e.error() == ApiError.TASK_TIMED_OUT || e.error() == ApiError.TASK_DOES_NOT_EXIST) {
                    return Json.object();
                }
                throw e;
            }
        }
        return Json.object().put("taskToken", request.getToken()).put("input", Payloads.json(request.getInput()));
    }

    private ObjectNode succeed(AwsParameters parameters, Sender sender) throws ApiException {
        tasks.succeed(sender, parameters.required("taskToken"), parameters.required("output"));
        return Json.object();
    }

    private ObjectNode fail(AwsParameters parameters, Sender sender) throws ApiException {
        tasks.fail(sender, parameters.required("taskToken"), parameters.string("error"), parameters.string("cause"));
        return Json.object();
    }

    private ObjectNode heartbeat(AwsParameters parameters, Sender sender) throws ApiException {
        tasks.heartbeat(sender, parameters.required("taskToken"));
        return Json.object();
    }
}
