package io.stepstream.gateway.aws;

import static io.stepstream.gateway.aws.Operation.returning;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.engine.Executions;
import io.stepstream.gateway.engine.QueryApi.ListQuery;
import io.stepstream.gateway.engine.ResourceArns;
import io.stepstream.gateway.engine.Sender;
import io.stepstream.gateway.engine.StateMachines;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.gateway.http.PageToken;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.avro.StateMachineResource;
import java.util.Map;
import java.util.Optional;

/** Operations on executions. */
final class ExecutionOperations {
    private final Executions executions;
    private final StateMachines stateMachines;
    private final PageToken tokens;

    ExecutionOperations(Executions executions, StateMachines stateMachines, PageToken tokens) {
        this.executions = executions;
        this.stateMachines = stateMachines;
        this.tokens = tokens;
    }

    Map<String, Operation> byName() {
        return Map.of(
                "StartExecution", returning(this::start),
                "StartSyncExecution", returning(this::startSync),
                "StopExecution", returning(this::stop),
                "RedriveExecution", returning(this::redrive),
                "DescribeExecution", returning(this::describe),
                "GetExecutionHistory", returning(this::history),
                "ListExecutions", returning(this::list));
    }

    private ObjectNode start(AwsParameters parameters, Sender sender) throws ApiException {
        var arn = ResourceArns.any(parameters.required("stateMachineArn")).text();
        var name = parameters.string("name");
        parameters.refuse("traceHeader", "traces are W3C's, in HTTP headers");
        var started =
                executions.start(sender, arn, name, parameters.string("input").orElse("{}"));
        return Json.object()
                .put("executionArn", started.executionArn())
                .put("startDate", AwsForm.seconds(started.startDate()));
    }

    private ObjectNode startSync(AwsParameters parameters, Sender sender) throws ApiException {
        var arn = ResourceArns.any(parameters.required("stateMachineArn")).text();
        var name = parameters.string("name");
        var shown = Shown.of(parameters);
        parameters.refuse("traceHeader", "traces are W3C's, in HTTP headers");
        return AwsForm.syncExecution(
                executions.run(sender, arn, name, parameters.string("input").orElse("{}")), shown);
    }

    private ObjectNode stop(AwsParameters parameters, Sender sender) throws ApiException {
        var arn = Executions.arn(parameters.required("executionArn"));
        var stopped = executions.stop(sender, arn, parameters.string("error"), parameters.string("cause"));
        return Json.object().put("stopDate", AwsForm.seconds(stopped));
    }

    /** The client's token makes a repeat of the request the same request. */
    private ObjectNode redrive(AwsParameters parameters, Sender sender) throws ApiException {
        var arn = Executions.arn(parameters.required("executionArn"));
        var token = parameters.string("clientToken");
        var by = token.isEmpty() ? sender : new Sender(sender.channel(), sender.principal(), sender.address(), token);
        return Json.object().put("redriveDate", AwsForm.seconds(executions.redrive(by, arn)));
    }

    private ObjectNode describe(AwsParameters parameters, Sender sender) throws ApiException {
        var arn = Executions.arn(parameters.required("executionArn"));
        var shown = Shown.of(parameters);
        return AwsForm.execution(executions.describe(arn), shown);
    }

    private ObjectNode history(AwsParameters parameters, Sender sender) throws ApiException {
        var arn = Executions.arn(parameters.required("executionArn"));
        var asked = parameters.number("maxResults", Pages.MOST);
        var token = parameters.string("nextToken");
        var reverse = parameters.flag("reverseOrder", false);
        var question = "GetExecutionHistory %s %b".formatted(arn, reverse);
        var after = tokens.place(token, question).map(Long::parseLong).orElse(0L);
        var history = executions.history(arn, after, asked == 0 ? Pages.USUAL : asked, reverse);
        return AwsForm.history(
                history,
                parameters.flag("includeExecutionData", true),
                last -> tokens.text(question, Long.toString(last)));
    }

    private ObjectNode list(AwsParameters parameters, Sender sender) throws ApiException {
        var stateMachine = parameters.string("stateMachineArn");
        var mapRun = parameters.string("mapRunArn");
        var status = parameters.string("statusFilter");
        var asked = parameters.number("maxResults", Pages.MOST);
        var token = parameters.string("nextToken");
        var redrive = parameters.string("redriveFilter");
        if (stateMachine.isPresent() == mapRun.isPresent()) {
            throw new ApiException(
                    ApiError.VALIDATION, "Exactly one of stateMachineArn and mapRunArn must be specified");
        }
        var owner = mapRun.isPresent() ? ofMapRun(mapRun.get()) : ofStateMachine(stateMachine.get());
        var query = new ListQuery(
                Optional.of(owner.id()),
                status,
                owner.versionArn(),
                owner.aliasArn(),
                redrive,
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        var question = "ListExecutions " + query.question();
        var page = executions.list(query, tokens.place(token, question), asked == 0 ? Pages.USUAL : asked);
        return AwsForm.executions(page, next -> tokens.text(question, next));
    }

    private record Owner(String id, Optional<String> versionArn, Optional<String> aliasArn) {}

    private static Owner ofMapRun(String text) throws ApiException {
        var arn = ResourceArns.of(StatesArn.MapRun.class, text);
        return new Owner(Arns.executionId(arn.text()), Optional.empty(), Optional.empty());
    }

    private Owner ofStateMachine(String text) throws ApiException {
        if (ResourceArns.any(text) instanceof StatesArn.StateMachine) {
            // One that is being deleted still has its executions.
            return new Owner(
                    Arns.executionId(standard(stateMachines.describable(text))), Optional.empty(), Optional.empty());
        }
        var target = stateMachines.target(text, "");
        return new Owner(
                Arns.executionId(standard(target.stateMachine())),
                target.aliasArn().isPresent() ? Optional.empty() : target.versionArn(),
                target.aliasArn());
    }

    private static String standard(StateMachineResource machine) throws ApiException {
        if (machine.getType().equals("EXPRESS")) {
            throw new ApiException(
                    ApiError.STATE_MACHINE_TYPE_NOT_SUPPORTED,
                    "This operation is not supported by this type of state machine");
        }
        return machine.getStateMachineArn();
    }
}
