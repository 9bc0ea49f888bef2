package io.stepstream.gateway.v1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.engine.ConcurrencyLimits;
import io.stepstream.gateway.engine.ConcurrencyLimits.Of;
import io.stepstream.gateway.engine.StateMachines;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.LimitKeys;
import java.util.List;
import java.util.Optional;

/** Limits of what runs at once: see docs/concurrency.md. */
final class LimitResources {

    private static final String STATE_MACHINE = "stateMachine";
    private static final String TASK = "task";
    private static final String EXECUTIONS = "maxConcurrentExecutions";
    private static final String TASKS = "maxConcurrency";

    private final ConcurrencyLimits limits;
    private final StateMachines stateMachines;

    LimitResources(ConcurrencyLimits limits, StateMachines stateMachines) {
        this.limits = limits;
        this.stateMachines = stateMachines;
    }

    /** A page by key, or the one limit that is asked for. */
    ObjectNode list(Call call) throws ApiException {
        call.onlyQueries(List.of(STATE_MACHINE, TASK, "after", "limit"));
        var limit = (int) call.number("limit", ExecutionResources.USUAL, 1, ExecutionResources.MOST);
        var one = of(call.query(STATE_MACHINE), call.query(TASK));
        var found = one.isPresent()
                ? limits.find(one.get())
                : limits.list(call.query("after").orElse(""), limit + 1);
        var answer = Json.object();
        var array = answer.putArray("limits");
        found.stream().limit(limit).forEach(standing -> array.add(shown(standing)));
        return answer.put("more", found.size() > limit);
    }

    ObjectNode set(Call call) throws ApiException {
        var body = call.body();
        var what = required(of(Call.text(body, STATE_MACHINE), Call.text(body, TASK)));
        var member = switch (what) {
            case Of.StateMachine _ -> EXECUTIONS;
            case Of.Task _ -> TASKS;
        };
        var max = body.path(member);
        if (!max.isIntegralNumber() || !max.canConvertToInt()) {
            throw new ApiException(ApiError.VALIDATION, "'%s' must be a whole number from 1".formatted(member));
        }
        return changed(call, what, Optional.of(max.intValue()));
    }

    ObjectNode remove(Call call) throws ApiException {
        call.onlyQueries(List.of(STATE_MACHINE, TASK));
        return changed(call, required(of(call.query(STATE_MACHINE), call.query(TASK))), Optional.empty());
    }

    private ObjectNode changed(Call call, Of what, Optional<Integer> max) throws ApiException {
        return Json.object()
                .put("updateDate", limits.set(call.sender(), what, max).toString());
    }

    private Optional<Of> of(Optional<String> stateMachine, Optional<String> task) throws ApiException {
        if (stateMachine.isPresent() && task.isPresent()) {
            throw new ApiException(ApiError.VALIDATION, "a limit is of a 'stateMachine' or of a 'task', not of both");
        }
        return stateMachine.isPresent()
                ? Optional.of(new Of.StateMachine(stateMachines.arn(stateMachine.get())))
                : task.map(Of.Task::new);
    }

    private static Of required(Optional<Of> what) throws ApiException {
        return what.orElseThrow(() -> new ApiException(
                ApiError.VALIDATION,
                "say what the limit is of: 'stateMachine', its name or ARN, or 'task', the task's name"));
    }

    private static ObjectNode shown(JsonNode standing) {
        var key = standing.path("key").asText();
        var shown = Json.object().put("key", key);
        var isTask = LimitKeys.isTask(key);
        shown.put(isTask ? TASK : STATE_MACHINE, LimitKeys.name(key));
        if (standing.has("max")) {
            shown.put(isTask ? TASKS : EXECUTIONS, standing.path("max").intValue());
        }
        return shown.put("running", standing.path("running").intValue())
                .put("queued", standing.path("queued").intValue());
    }
}
