package io.stepstream.gateway.v1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.engine.Executions;
import io.stepstream.gateway.engine.QueryApi;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.avro.PurgeScope;
import java.util.Arrays;
import java.util.List;

/** Executions, their history, their tasks, and what of these waits for a decision. */
final class ExecutionResources {

    static final int USUAL = 100;
    static final int MOST = 1000;
    private static final int PLACE_CHARACTERS = 128;

    private final Executions executions;
    private final QueryApi queries;

    ExecutionResources(Executions executions, QueryApi queries) {
        this.executions = executions;
        this.queries = queries;
    }

    /** Of the execution that a call names by its id or its ARN, which must be there. */
    private String arn(Call call) throws ApiException {
        return executions
                .describe(call.parameter("execution"))
                .path("executionArn")
                .asText();
    }

    ObjectNode start(Call call) throws ApiException {
        var body = call.body();
        var input = body.get("input");
        var started = executions.start(
                call.sender(),
                Call.required(body, "stateMachine"),
                Call.text(body, "name"),
                input == null ? "{}" : input.toString());
        return Json.object()
                .put("executionArn", started.executionArn())
                .put("executionId", started.executionId())
                .put("startDate", started.startDate().toString());
    }

    ObjectNode stop(Call call) throws ApiException {
        var body = call.optionalBody();
        var stopped = executions.stop(call.sender(), arn(call), Call.text(body, "error"), Call.text(body, "cause"));
        return Json.object().put("stopDate", stopped.toString());
    }

    ObjectNode pause(Call call) throws ApiException {
        return Json.object()
                .put("pausedAt", executions.pause(call.sender(), arn(call)).toString());
    }

    ObjectNode resume(Call call) throws ApiException {
        return Json.object()
                .put("resumeDate", executions.resume(call.sender(), arn(call)).toString());
    }

    ObjectNode redrive(Call call) throws ApiException {
        return Json.object()
                .put("redriveDate", executions.redrive(call.sender(), arn(call)).toString());
    }

    ObjectNode purge(Call call) throws ApiException {
        var body = call.optionalBody();
        var name = Call.text(body, "scope").orElse(PurgeScope.KEY_AND_ROWS.name());
        var scope = Arrays.stream(PurgeScope.values())
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ApiException(
                        ApiError.VALIDATION,
                        "'scope' must be one of %s".formatted(Arrays.toString(PurgeScope.values()))));
        var at = executions.purge(
                call.sender(), arn(call), scope, Call.text(body, "reason").orElse(""));
        return Json.object().put("purgeDate", at.toString());
    }

    ObjectNode describe(Call call) throws ApiException {
        var seen = executions.describe(call.parameter("execution"));
        Call.toText(seen, "startDate");
        Call.toText(seen, "stopDate");
        Call.toText(seen, "redriveDate");
        Call.toText(seen, "pausedAt");
        for (var data : List.of("input", "output")) {
            if (seen.hasNonNull(data)) {
                seen.set(data, Json.parse(seen.get(data).asText(), ApiError.INTERNAL));
            }
        }
        return seen;
    }

    ObjectNode history(Call call) throws ApiException {
        var after = call.number("after", 0, 0, Long.MAX_VALUE - 1);
        var limit = call.number("limit", USUAL, 1, MOST);
        var seen = executions.history(call.parameter("execution"), after, (int) limit, call.flag("reverse"));
        seen.path("events").forEach(event -> toText(event, "timestamp"));
        return seen;
    }

    ObjectNode tasks(Call call) throws ApiException {
        var after = call.number("after", -1, -1, Long.MAX_VALUE - 1);
        var limit = call.number("limit", USUAL, 1, MOST);
        var id = Arns.executionId(arn(call));
        var seen = queries.tasks(id, after, (int) limit).orElseGet(Json::object);
        for (var task : seen.withArrayProperty("tasks")) {
            toText(task, "requestedAt", "deadline", "endedAt");
            if (task instanceof ObjectNode object && object.hasNonNull("fields")) {
                object.set("fields", Json.parse(object.get("fields").asText(), ApiError.INTERNAL));
            }
        }
        return seen;
    }

    ObjectNode approvals(Call call) throws ApiException {
        var after = call.query("after").orElse("");
        if (after.length() > PLACE_CHARACTERS || !after.matches("([0-9a-f]{2})*")) {
            throw new ApiException(ApiError.VALIDATION, "'after' must be the 'place' of an approval");
        }
        var seen = queries.approvals(after, (int) call.number("limit", USUAL, 1, MOST));
        seen.path("approvals").forEach(approval -> toText(approval, "requestedAt", "deadline"));
        return seen;
    }

    private static void toText(JsonNode node, String... members) {
        if (node instanceof ObjectNode object) {
            List.of(members).forEach(member -> Call.toText(object, member));
        }
    }
}
