package io.stepstream.gateway.aws;

import static io.stepstream.gateway.aws.Operation.returning;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.Finding;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.gateway.engine.Executions;
import io.stepstream.gateway.engine.ResourceArns;
import io.stepstream.gateway.engine.Sender;
import io.stepstream.gateway.engine.StateMachines;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.avro.StateMachineResource;
import java.util.Map;
import java.util.Optional;

/** Operations on state machines. */
final class StateMachineOperations {
    /** The tag that has executions sealed, when the state machine is created with it: see docs/purge.md. */
    private static final String SEALED_TAG = "stepstream:sealed";

    private static final int MOST_DIAGNOSTICS = 100;

    private final StateMachines stateMachines;
    private final Executions executions;
    private final Pages pages;

    StateMachineOperations(StateMachines stateMachines, Executions executions, Pages pages) {
        this.stateMachines = stateMachines;
        this.executions = executions;
        this.pages = pages;
    }

    Map<String, Operation> byName() {
        return Map.of(
                "CreateStateMachine", returning(this::create),
                "UpdateStateMachine", returning(this::update),
                "DescribeStateMachine", returning(this::describe),
                "DescribeStateMachineForExecution", returning(this::describeForExecution),
                "DeleteStateMachine", returning(this::delete),
                "ListStateMachines", returning(this::list),
                "ValidateStateMachineDefinition", returning(this::validate));
    }

    private ObjectNode create(AwsParameters parameters, Sender sender) throws ApiException {
        var name = parameters.required("name");
        var definition = parameters.required("definition");
        var roleArn = parameters.required("roleArn");
        var type = type(parameters);
        var tags = TagOperations.tags(parameters);
        var created = stateMachines.create(
                sender,
                new StateMachines.Wanted(
                        name,
                        definition,
                        roleArn,
                        type,
                        "true".equals(tags.get(SEALED_TAG)) ? StateMachines.Data.SEALED : StateMachines.Data.OPEN,
                        Configuration.of(parameters).toString(),
                        publish(parameters),
                        tags));
        var output = Json.object()
                .put("stateMachineArn", created.stateMachineArn())
                .put("creationDate", AwsForm.seconds(created.creationDate()));
        created.versionArn().ifPresent(arn -> output.put("stateMachineVersionArn", arn));
        return output;
    }

    private static WorkflowType type(AwsParameters parameters) throws ApiException {
        return WorkflowType.valueOf(parameters.string("type").orElse("STANDARD"));
    }

    private static StateMachines.Publish publish(AwsParameters parameters) throws ApiException {
        var version = parameters.flag("publish", false);
        var description = parameters.string("versionDescription");
        if (description.isPresent() && !version) {
            throw new ApiException(ApiError.VALIDATION, "Version description can only be set when publish is true");
        }
        return new StateMachines.Publish(version, description);
    }

    private ObjectNode update(AwsParameters parameters, Sender sender) throws ApiException {
        var arn = parameters.required("stateMachineArn");
        if (!(ResourceArns.any(arn) instanceof StatesArn.StateMachine machine)) {
            throw new ApiException(
                    ApiError.STATE_MACHINE_DOES_NOT_EXIST, "State Machine Does Not Exist: '%s'".formatted(arn));
        }
        var definition = parameters.string("definition");
        var roleArn = parameters.string("roleArn");
        var configuration = Configuration.of(parameters);
        if (definition.isEmpty() && roleArn.isEmpty() && configuration.isEmpty()) {
            throw new ApiException(
                    ApiError.MISSING_REQUIRED_PARAMETER,
                    "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified");
        }
        var updated = stateMachines.update(
                sender,
                machine,
                new StateMachines.Changes(definition, roleArn, configuration.toString(), publish(parameters)));
        var output = Json.object()
                .put("updateDate", AwsForm.seconds(updated.updateDate()))
                .put("revisionId", updated.revisionId());
        updated.versionArn().ifPresent(version -> output.put("stateMachineVersionArn", version));
        return output;
    }

    private ObjectNode describe(AwsParameters parameters, Sender sender) throws ApiException {
        var text = parameters.required("stateMachineArn");
        var shown = Shown.of(parameters);
        var machineArn = switch (ResourceArns.any(text)) {
            case StatesArn.StateMachine machine -> machine.text();
            case StatesArn.Version version -> version.stateMachine().text();
            case StatesArn.Alias alias -> alias.stateMachine().text();
            case StatesArn.Execution _, StatesArn.ExpressExecution _, StatesArn.MapRun _, StatesArn.Activity _ ->
                ResourceArns.of(StatesArn.StateMachine.class, text).text();
        };
        var machine = stateMachines.describable(machineArn);
        if (ResourceArns.any(text) instanceof StatesArn.StateMachine) {
            var revision = stateMachines.revision(machineArn, machine.getRevision());
            return DefinitionForm.described(text, machine, revision, machine.getCreatedAt(), shown);
        }
        var target = stateMachines.target(text, "");
        var versionArn = target.versionArn().orElseThrow();
        var version = machine.getVersions().stream()
                .filter(known -> versionArn.endsWith(":" + known.getNumber()))
                .findFirst()
                .orElseThrow();
        var output = DefinitionForm.described(text, machine, target.revision(), version.getCreatedAt(), shown);
        Optional.ofNullable(version.getDescription()).ifPresent(words -> output.put("description", words));
        Optional.ofNullable(version.getRevisionId()).ifPresent(id -> output.put("revisionId", id));
        return output;
    }

    private ObjectNode describeForExecution(AwsParameters parameters, Sender sender) throws ApiException {
        var arn = Executions.arn(parameters.required("executionArn"));
        var shown = Shown.of(parameters);
        var execution = executions.describe(arn);
        var revision = stateMachines.revision(
                execution.path("stateMachineArn").asText(),
                execution.path("revision").asText());
        var output = DefinitionForm.ofExecution(revision, shown);
        if (execution.hasNonNull("mapRunArn")) {
            output.set("mapRunArn", execution.get("mapRunArn"));
            if (StatesArn.parse(execution.path("mapRunArn").asText()).orElse(null) instanceof StatesArn.MapRun mapRun) {
                output.put("label", mapRun.label());
            }
        }
        return output;
    }

    private ObjectNode delete(AwsParameters parameters, Sender sender) throws ApiException {
        var arn = ResourceArns.of(StatesArn.StateMachine.class, parameters.required("stateMachineArn"));
        stateMachines.delete(sender, arn);
        return Json.object();
    }

    private ObjectNode list(AwsParameters parameters, Sender sender) throws ApiException {
        return pages.page(
                parameters,
                "ListStateMachines",
                "stateMachines",
                stateMachines::listAfter,
                StateMachineResource::getStateMachineArn,
                machine -> Json.object()
                        .put("stateMachineArn", machine.getStateMachineArn())
                        .put("name", machine.getName())
                        .put("type", machine.getType())
                        .put("creationDate", AwsForm.seconds(machine.getCreatedAt())));
    }

    private ObjectNode validate(AwsParameters parameters, Sender sender) throws ApiException {
        var definition = parameters.required("definition");
        var type = type(parameters);
        var least = Finding.Severity.valueOf(parameters.string("severity").orElse("ERROR"));
        var asked = parameters.number("maxResults", MOST_DIAGNOSTICS);
        var limit = asked == 0 ? MOST_DIAGNOSTICS : asked;
        var parsed = StateMachine.parse(definition, type);
        var findings = switch (parsed) {
            case Parsed.Valid valid -> valid.warnings();
            case Parsed.Invalid invalid -> invalid.findings();
        };
        var wanted = findings.stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR || least == Finding.Severity.WARNING)
                .toList();
        var output = Json.object().put("result", parsed instanceof Parsed.Valid ? "OK" : "FAIL");
        var diagnostics = output.putArray("diagnostics");
        wanted.stream().limit(limit).map(StateMachineOperations::diagnostic).forEach(diagnostics::add);
        return output.put("truncated", wanted.size() > limit);
    }

    private static ObjectNode diagnostic(Finding finding) {
        var diagnostic = Json.object()
                .put("severity", finding.severity().name())
                .put("code", finding.code())
                .put("message", finding.message());
        if (!finding.path().isEmpty()) {
            diagnostic.put("location", finding.path());
        }
        return diagnostic;
    }
}
