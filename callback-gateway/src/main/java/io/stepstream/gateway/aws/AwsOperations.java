package io.stepstream.gateway.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.engine.Executions;
import io.stepstream.gateway.engine.Sender;
import io.stepstream.gateway.engine.StateMachines;
import io.stepstream.gateway.engine.TaskNames;
import io.stepstream.gateway.engine.TaskPolls;
import io.stepstream.gateway.engine.Tasks;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.avro.TaskRequest;
import java.time.Duration;
import java.util.Optional;

/** The operations of the AWS API that are here so far. */
public final class AwsOperations {

    /** AWS's long poll. */
    private static final Duration LONG_POLL = Duration.ofSeconds(60);

    private static final int ARN = 256;
    private static final int NAME = 80;
    private static final int TOKEN = 2048;
    private static final int PAGE_TOKEN = 1024;
    private static final int MOST_EVENTS = 1000;
    private static final int USUAL_EVENTS = 100;

    private final StateMachines stateMachines;
    private final Executions executions;
    private final Tasks tasks;
    private final TaskNames taskNames;
    private final TaskPolls polls;

    public AwsOperations(
            StateMachines stateMachines, Executions executions, Tasks tasks, TaskNames taskNames, TaskPolls polls) {
        this.stateMachines = stateMachines;
        this.executions = executions;
        this.tasks = tasks;
        this.taskNames = taskNames;
        this.polls = polls;
    }

    /** Sends an operation's output. Throws if it could not be sent. */
    @FunctionalInterface
    interface Reply {
        void send(ObjectNode output);
    }

    /** An operation that answers through the reply. */
    @FunctionalInterface
    interface Operation {
        void run(AwsParameters parameters, Sender sender, Reply reply) throws ApiException;
    }

    /** An operation that returns its output. */
    @FunctionalInterface
    private interface Call {
        ObjectNode output(AwsParameters parameters, Sender sender) throws ApiException;
    }

    /** The operation of this name. */
    Operation named(String name) throws ApiException {
        return switch (name) {
            case "CreateStateMachine" -> returning(this::createStateMachine);
            case "DescribeStateMachine" -> returning(this::describeStateMachine);
            case "StartExecution" -> returning(this::startExecution);
            case "StopExecution" -> returning(this::stopExecution);
            case "DescribeExecution" -> returning(this::describeExecution);
            case "GetExecutionHistory" -> returning(this::history);
            case "CreateActivity" -> returning(this::createActivity);
            case "GetActivityTask" -> this::activityTask;
            case "SendTaskSuccess" -> returning(this::sendTaskSuccess);
            case "SendTaskFailure" -> returning(this::sendTaskFailure);
            case "SendTaskHeartbeat" -> returning(this::sendTaskHeartbeat);
            default ->
                throw new ApiException(
                        ApiError.UNKNOWN_OPERATION, "Operation '%s' is not known here, or not yet".formatted(name));
        };
    }

    private static Operation returning(Call call) {
        return (parameters, sender, reply) -> reply.send(call.output(parameters, sender));
    }

    private ObjectNode createStateMachine(AwsParameters parameters, Sender sender) throws ApiException {
        var type = parameters.string("type").orElse("STANDARD");
        if (!type.equals("STANDARD") && !type.equals("EXPRESS")) {
            throw new ApiException(
                    ApiError.VALIDATION,
                    "1 validation error detected: Value '%s' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]"
                            .formatted(type));
        }
        if (type.equals("EXPRESS")) {
            throw new ApiException(ApiError.VALIDATION, "State machines of type EXPRESS are not supported yet");
        }
        parameters.refuse("publish", "versions are not kept yet");
        var created = stateMachines.create(
                sender,
                parameters.required("name", 10 * NAME),
                parameters.required("definition", 1024 * 1024),
                parameters.required("roleArn", ARN),
                type);
        return Json.object()
                .put("stateMachineArn", created.stateMachineArn())
                .put("creationDate", AwsForm.seconds(created.creationDate()));
    }

    private ObjectNode describeStateMachine(AwsParameters parameters, Sender sender) throws ApiException {
        var machine = stateMachines.describe(StateMachines.arn(parameters.required("stateMachineArn", ARN)));
        var output = Json.object()
                .put("stateMachineArn", machine.getStateMachineArn())
                .put("name", machine.getName())
                .put("status", "ACTIVE")
                .put("definition", machine.getDefinition())
                .put("roleArn", machine.getRoleArn())
                .put("type", machine.getType())
                .put("creationDate", AwsForm.seconds(machine.getCreatedAt()));
        output.putObject("loggingConfiguration").put("level", "OFF").put("includeExecutionData", false);
        output.putObject("tracingConfiguration").put("enabled", false);
        return output;
    }

    private ObjectNode startExecution(AwsParameters parameters, Sender sender) throws ApiException {
        var started = executions.start(
                sender,
                StateMachines.arn(parameters.required("stateMachineArn", ARN)),
                parameters.optional("name", 1, 10 * NAME),
                parameters.string("input").orElse("{}"));
        return Json.object()
                .put("executionArn", started.executionArn())
                .put("startDate", AwsForm.seconds(started.startDate()));
    }

    private ObjectNode stopExecution(AwsParameters parameters, Sender sender) throws ApiException {
        var arn = Executions.arn(parameters.required("executionArn", ARN));
        var stopped = executions.stop(sender, arn, parameters.string("error"), parameters.string("cause"));
        return Json.object().put("stopDate", AwsForm.seconds(stopped));
    }

    private ObjectNode describeExecution(AwsParameters parameters, Sender sender) throws ApiException {
        return AwsForm.execution(executions.describe(Executions.arn(parameters.required("executionArn", ARN))));
    }

    private ObjectNode history(AwsParameters parameters, Sender sender) throws ApiException {
        var arn = Executions.arn(parameters.required("executionArn", ARN));
        var asked = parameters.number("maxResults", MOST_EVENTS);
        var token = parameters.optional("nextToken", 1, PAGE_TOKEN);
        var reverse = parameters.flag("reverseOrder", false);
        var page = token.isPresent() ? HistoryPage.parse(token.get()) : new HistoryPage(arn, 0, reverse);
        if (!page.arn().equals(arn) || page.reverse() != reverse) {
            throw HistoryPage.invalid();
        }
        var limit = asked == 0 ? USUAL_EVENTS : asked;
        var history = executions.history(arn, page.after(), limit, reverse);
        return AwsForm.history(history, page, parameters.flag("includeExecutionData", true));
    }

    private ObjectNode createActivity(AwsParameters parameters, Sender sender) throws ApiException {
        var registered = taskNames.register(sender, parameters.required("name", 10 * NAME));
        return Json.object()
                .put("activityArn", registered.activityArn())
                .put("creationDate", AwsForm.seconds(registered.creationDate()));
    }

    private void activityTask(AwsParameters parameters, Sender sender, Reply reply) throws ApiException {
        var name = taskNames.ofActivity(parameters.required("activityArn", ARN));
        var worker = parameters.optional("workerName", 1, NAME);
        var had = polls.poll(name, LONG_POLL, request -> reply.send(taken(request, sender, worker)));
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

    private ObjectNode sendTaskSuccess(AwsParameters parameters, Sender sender) throws ApiException {
        tasks.succeed(sender, parameters.required("taskToken", TOKEN), parameters.required("output"));
        return Json.object();
    }

    private ObjectNode sendTaskFailure(AwsParameters parameters, Sender sender) throws ApiException {
        tasks.fail(
                sender,
                parameters.required("taskToken", TOKEN),
                parameters.string("error"),
                parameters.string("cause"));
        return Json.object();
    }

    private ObjectNode sendTaskHeartbeat(AwsParameters parameters, Sender sender) throws ApiException {
        tasks.heartbeat(sender, parameters.required("taskToken", TOKEN));
        return Json.object();
    }
}
