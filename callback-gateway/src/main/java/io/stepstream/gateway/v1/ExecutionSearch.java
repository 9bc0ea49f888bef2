package io.stepstream.gateway.v1;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.engine.Executions;
import io.stepstream.gateway.engine.QueryApi.ListQuery;
import io.stepstream.gateway.engine.ResourceArns;
import io.stepstream.gateway.engine.StateMachines;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.gateway.http.PageToken;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.StatesArn;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Executions that are looked for: of one state machine, of a Map run, or of all; the latest start first. */
final class ExecutionSearch {
    private static final List<String> PARAMETERS = List.of(
            "stateMachine",
            "mapRun",
            "status",
            "redrive",
            "pause",
            "name",
            "startedFrom",
            "startedBefore",
            "error",
            "limit",
            "nextToken");
    private static final int NAME = 80;
    private static final int ERROR_TEXT = 256;

    private enum Status {
        RUNNING,
        SUCCEEDED,
        FAILED,
        TIMED_OUT,
        ABORTED
    }

    private enum Redrive {
        REDRIVEN,
        NOT_REDRIVEN
    }

    private enum Pause {
        PAUSED,
        NOT_PAUSED
    }

    private final Executions executions;
    private final StateMachines stateMachines;
    private final PageToken tokens;

    ExecutionSearch(Executions executions, StateMachines stateMachines, PageToken tokens) {
        this.executions = executions;
        this.stateMachines = stateMachines;
        this.tokens = tokens;
    }

    ObjectNode page(Call call) throws ApiException {
        call.onlyQueries(PARAMETERS);
        var limit = (int) call.number("limit", ExecutionResources.USUAL, 1, ExecutionResources.MOST);
        var query = query(call);
        var question = "search " + query.question();
        var found = executions.list(query, tokens.place(call.query("nextToken"), question), limit);
        var answer = Json.object();
        var shown = answer.putArray("executions");
        for (var execution : found.path("executions")) {
            shown.add(shown((ObjectNode) execution));
        }
        if (found.hasNonNull("next")) {
            answer.put("nextToken", tokens.text(question, found.path("next").asText()));
        }
        return answer;
    }

    private ListQuery query(Call call) throws ApiException {
        return new ListQuery(
                owner(call),
                oneOf(call, "status", Status.values()),
                Optional.empty(),
                Optional.empty(),
                oneOf(call, "redrive", Redrive.values()),
                oneOf(call, "pause", Pause.values()),
                text(call, "name", NAME).orElse(""),
                instant(call, "startedFrom"),
                instant(call, "startedBefore"),
                text(call, "error", ERROR_TEXT));
    }

    /** A state machine that was deleted still has its executions. */
    private Optional<String> owner(Call call) throws ApiException {
        var stateMachine = call.query("stateMachine");
        var mapRun = call.query("mapRun");
        if (stateMachine.isPresent() && mapRun.isPresent()) {
            throw new ApiException(ApiError.VALIDATION, "Give 'stateMachine' or 'mapRun', not both");
        }
        if (stateMachine.isPresent()) {
            return Optional.of(Arns.executionId(stateMachines.arn(stateMachine.get())));
        }
        if (mapRun.isPresent()) {
            return Optional.of(Arns.executionId(
                    ResourceArns.of(StatesArn.MapRun.class, mapRun.get()).text()));
        }
        return Optional.empty();
    }

    private static Optional<String> oneOf(Call call, String name, Enum<?>[] words) throws ApiException {
        var word = call.query(name);
        if (word.isPresent()
                && Arrays.stream(words).noneMatch(known -> known.name().equals(word.get()))) {
            throw new ApiException(
                    ApiError.VALIDATION, "'%s' must be one of %s".formatted(name, Arrays.toString(words)));
        }
        return word;
    }

    private static Optional<String> text(Call call, String name, int most) throws ApiException {
        var text = call.query(name);
        if (text.isPresent() && (text.get().isEmpty() || text.get().length() > most)) {
            throw new ApiException(ApiError.VALIDATION, "'%s' must have 1 to %d characters".formatted(name, most));
        }
        return text;
    }

    private static Optional<Instant> instant(Call call, String name) throws ApiException {
        var text = call.query(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            var instant = OffsetDateTime.parse(text.get()).toInstant();
            if (instant.toEpochMilli() > 0) {
                return Optional.of(instant);
            }
        } catch (DateTimeException | ArithmeticException e) {
            // Refused below, as what lies before 1970 is.
        }
        throw new ApiException(ApiError.VALIDATION, "'%s' must be a time such as 2026-11-26T12:00:00Z".formatted(name));
    }

    private static ObjectNode shown(ObjectNode execution) {
        execution.remove("place");
        execution.put(
                "executionId", Arns.executionId(execution.path("executionArn").asText()));
        for (var date : List.of("startDate", "stopDate", "redriveDate", "pausedAt")) {
            Call.toText(execution, date);
        }
        return execution;
    }
}
