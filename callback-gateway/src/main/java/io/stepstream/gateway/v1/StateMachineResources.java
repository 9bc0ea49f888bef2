package io.stepstream.gateway.v1;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.gateway.engine.StateMachines;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.gateway.http.Problems;
import io.stepstream.schemas.avro.StateMachineResource;
import java.util.Optional;

/** State machines. */
final class StateMachineResources {

    private final StateMachines stateMachines;
    private final String defaultRole;

    /** @param defaultRole role ARN of a state machine that is created without one */
    StateMachineResources(StateMachines stateMachines, String defaultRole) {
        this.stateMachines = stateMachines;
        this.defaultRole = defaultRole;
    }

    ObjectNode create(Call call) throws ApiException {
        var body = call.body();
        var definition = body.path("definition");
        if (!definition.isTextual() && !definition.isObject()) {
            throw new ApiException(
                    ApiError.VALIDATION, "'definition' must be a state machine's definition: an object, or its text");
        }
        var created = stateMachines.create(
                call.sender(),
                StateMachines.Wanted.plain(
                        Call.required(body, "name"),
                        definition.isTextual() ? definition.textValue() : definition.toString(),
                        Call.text(body, "roleArn").orElse(defaultRole),
                        WorkflowType.STANDARD,
                        sealed(body)));
        var answer =
                Json.object().put("stateMachineArn", created.stateMachineArn()).put("revision", created.revision());
        var warnings = answer.putArray("warnings");
        created.warnings().forEach(warning -> warnings.add(Problems.finding(warning)));
        return answer;
    }

    private static StateMachines.Data sealed(ObjectNode body) throws ApiException {
        var sealed = body.path("sealed");
        if (!sealed.isMissingNode() && !sealed.isBoolean()) {
            throw new ApiException(ApiError.VALIDATION, "'sealed' must be true or false");
        }
        return sealed.booleanValue() ? StateMachines.Data.SEALED : StateMachines.Data.OPEN;
    }

    /** A page by name: all our ARNs of state machines differ in their names only. */
    ObjectNode list(Call call) throws ApiException {
        var name = call.query("after");
        var after = name.isPresent() ? stateMachines.arn(name.get()) : "";
        var limit = call.number("limit", ExecutionResources.USUAL, 1, ExecutionResources.MOST);
        var page = stateMachines.listAfter(after).stream().limit(limit + 1).toList();
        var answer = Json.object();
        var array = answer.putArray("stateMachines");
        page.stream().limit(limit).forEach(machine -> array.add(summary(machine)));
        return answer.put("more", page.size() > limit);
    }

    ObjectNode describe(Call call) throws ApiException {
        var machine = stateMachines.existing(stateMachines.arn(call.parameter("stateMachine")));
        var revision = stateMachines.revision(machine.getStateMachineArn(), machine.getRevision());
        var answer = summary(machine).put("roleArn", machine.getRoleArn());
        answer.set("definition", Json.parse(revision.getDefinition(), ApiError.INTERNAL));
        return answer.put("revisionBy", revision.getCreatedBy())
                .put("changedBy", machine.getChangedBy())
                .put("changedFrom", machine.getChangedFrom());
    }

    ObjectNode pause(Call call) throws ApiException {
        var arn = stateMachines.arn(call.parameter("stateMachine"));
        return Json.object()
                .put("pausedAt", stateMachines.pause(call.sender(), arn).toString());
    }

    ObjectNode resume(Call call) throws ApiException {
        var arn = stateMachines.arn(call.parameter("stateMachine"));
        return Json.object()
                .put("resumeDate", stateMachines.resume(call.sender(), arn).toString());
    }

    private static ObjectNode summary(StateMachineResource machine) {
        var summary = Json.object()
                .put("stateMachineArn", machine.getStateMachineArn())
                .put("name", machine.getName())
                .put("type", machine.getType())
                .put("revision", machine.getRevision())
                .put("createdAt", machine.getCreatedAt().toString());
        Optional.ofNullable(machine.getPausedAt())
                .ifPresent(since -> summary.put("pausedAt", since.toString()).put("pausedBy", machine.getPausedBy()));
        Optional.ofNullable(machine.getMaxConcurrentExecutions())
                .ifPresent(max -> summary.put("maxConcurrentExecutions", max));
        return summary;
    }
}
