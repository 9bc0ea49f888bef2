package io.stepstream.orchestrator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.execution.HistoryEventType;
import io.stepstream.orchestrator.views.HistoryPage;
import io.stepstream.orchestrator.views.HistoryPage.StoredEvent;
import io.stepstream.orchestrator.views.ListPage;
import io.stepstream.orchestrator.views.TaskReport;
import io.stepstream.orchestrator.views.avro.ListedExecution;
import io.stepstream.orchestrator.views.avro.MapRunRow;
import io.stepstream.schemas.avro.EventDetail;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Payload;
import io.stepstream.schemas.avro.PayloadRef;
import io.stepstream.schemas.avro.Purged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The read side's answers as JSON: dates in epoch milliseconds, payloads as JSON text, events in AWS's shape. */
final class Json {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Map<String, HistoryEventType> TYPES = Arrays.stream(HistoryEventType.values())
            .collect(Collectors.toMap(HistoryEventType::wireName, Function.identity()));

    /** The fields of events beside which AWS says whether they were cut. */
    private static final Set<String> WITH_TRUNCATION = Set.of("input", "output", "assignedVariables");

    /** A payload's text once it has been purged. */
    private static final String PURGED = "\"***purged***\"";

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ObjectNode status(ExecutionStatus status, RedriveWindow window) {
        var json = object().put("executionArn", status.getExecutionArn())
                .put("name", status.getName())
                .put("stateMachineArn", status.getStateMachineArn())
                .put("revision", status.getRevision())
                .put("status", status.getStatus())
                .put("kind", status.getKind())
                .put("redriveCount", status.getRedriveCount())
                .put("startDate", status.getStartDate().toEpochMilli());
        putDate(json, "redriveDate", status.getRedriveDate());
        putText(json, "stateMachineVersionArn", status.getVersionArn());
        putText(json, "stateMachineAliasArn", status.getAliasArn());
        putText(json, "mapRunArn", status.getMapRunArn());
        putDate(json, "stopDate", status.getStopDate());
        putPause(json, status.getPausedAt(), status.getPausedBy());
        putPayload(json, "input", status.getInput());
        putPayload(json, "output", status.getOutput());
        putText(json, "error", status.getError());
        putText(json, "cause", status.getCause());
        window.obstacle(status).ifPresent(obstacle -> json.put("redriveObstacle", obstacle));
        return json;
    }

    /** Map runs of one execution. */
    static ObjectNode mapRuns(List<MapRunRow> runs, RedriveWindow window) {
        var json = object();
        var all = json.putArray("mapRuns");
        runs.forEach(run -> all.add(mapRun(run, window)));
        return json;
    }

    static ObjectNode mapRun(MapRunRow run, RedriveWindow window) {
        var json = object().put("mapRunArn", run.getMapRunArn())
                .put("executionArn", run.getExecutionArn())
                .put("ticket", run.getTicket())
                .put("status", run.getStatus())
                .put("startDate", run.getStartDate().toEpochMilli());
        putDate(json, "stopDate", run.getStopDate());
        putDate(json, "redriveDate", run.getRedriveDate());
        json.put("maxConcurrency", run.getMaxConcurrency());
        Optional.ofNullable(run.getToleratedFailureCount())
                .ifPresent(count -> json.put("toleratedFailureCount", count));
        Optional.ofNullable(run.getToleratedFailurePercentage())
                .ifPresent(percentage -> json.put("toleratedFailurePercentage", percentage));
        return json.put("read", run.getRead())
                .put("taken", run.getTaken())
                .put("started", run.getStarted())
                .put("succeeded", run.getSucceeded())
                .put("failed", run.getFailed())
                .put("timedOut", run.getTimedOut())
                .put("aborted", run.getAborted())
                .put("written", run.getWritten())
                .put("redriveCount", run.getRedriveCount())
                .put("pendingRedrive", run.getPendingRedrive())
                .put("notRedrivable", run.getNotRedrivable())
                .put("redriveIsOver", window.isOver(run))
                .put("itemsSucceeded", run.getItemsSucceeded())
                .put("itemsFailed", run.getItemsFailed())
                .put("itemsTimedOut", run.getItemsTimedOut())
                .put("itemsAborted", run.getItemsAborted());
    }

    /** A page of a list; each execution has its place with it, so that pages can be put together. */
    static ObjectNode list(ListPage page) {
        var json = object();
        var executions = json.putArray("executions");
        page.executions().forEach(entry -> executions.add(listed(entry)));
        page.next().ifPresent(next -> json.put("next", Place.text(next)));
        return json;
    }

    private static ObjectNode listed(ListPage.Entry entry) {
        var execution = entry.execution();
        var json = object().put("executionArn", execution.getExecutionArn())
                .put("name", execution.getName())
                .put("stateMachineArn", execution.getStateMachineArn())
                .put("status", execution.getStatus())
                .put("redriveCount", execution.getRedriveCount())
                .put("startDate", execution.getStartDate().toEpochMilli());
        putDate(json, "stopDate", execution.getStopDate());
        putPause(json, execution.getPausedAt(), execution.getPausedBy());
        putDate(json, "redriveDate", execution.getRedriveDate());
        putText(json, "stateMachineVersionArn", execution.getVersionArn());
        putText(json, "stateMachineAliasArn", execution.getAliasArn());
        putText(json, "mapRunArn", execution.getMapRunArn());
        putText(json, "error", execution.getError());
        Optional.ofNullable(execution.getItemCount()).ifPresent(count -> json.put("itemCount", count));
        return json.put("place", Place.text(entry.position()));
    }

    /** A page that another instance has sent. */
    static ListPage list(String json) {
        try {
            var tree = MAPPER.readTree(json);
            var entries = new ArrayList<ListPage.Entry>();
            for (var execution : tree.path("executions")) {
                entries.add(new ListPage.Entry(
                        Place.position(execution.path("place").asText()), listed(execution)));
            }
            var next = tree.path("next");
            return new ListPage(
                    entries, next.isTextual() ? Optional.of(Place.position(next.asText())) : Optional.empty());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an instance sent no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static ListedExecution listed(JsonNode json) {
        return new ListedExecution(
                json.path("executionArn").asText(),
                json.path("name").asText(),
                json.path("stateMachineArn").asText(),
                json.path("status").asText(),
                Instant.ofEpochMilli(json.path("startDate").asLong()),
                date(json, "stopDate"),
                json.path("stateMachineVersionArn").textValue(),
                json.path("stateMachineAliasArn").textValue(),
                json.path("mapRunArn").textValue(),
                json.has("itemCount") ? json.path("itemCount").intValue() : null,
                json.path("redriveCount").intValue(),
                date(json, "redriveDate"),
                json.path("error").textValue(),
                date(json, "pausedAt"),
                json.path("pausedBy").asText());
    }

    private static @Nullable Instant date(JsonNode json, String field) {
        return json.has(field) ? Instant.ofEpochMilli(json.path(field).asLong()) : null;
    }

    static ObjectNode task(TaskReport report) {
        var json = ApprovalJson.task(report.ticket(), report.task());
        putPayload(json, "input", report.input());
        return json;
    }

    static ObjectNode page(HistoryPage page) {
        var json = object();
        var events = json.putArray("events");
        page.events().forEach(event -> events.add(event(event)));
        return json.put("more", page.more());
    }

    private static ObjectNode event(StoredEvent stored) {
        var event = stored.event();
        var json = object().put("id", event.getId())
                .put("previousEventId", event.getPreviousEventId())
                .put("timestamp", stored.step().getNow().toEpochMilli())
                .put("type", event.getType());
        var type = TYPES.get(event.getType());
        if (type == null) {
            throw new IllegalStateException("History has an event type that AWS has not: " + event.getType());
        }
        if (!type.detailsMember().isEmpty()) {
            var details = json.putObject(type.detailsMember());
            event.getDetails().forEach(detail -> putDetail(details, detail, stored.step()));
        }
        return json;
    }

    private static void putDetail(ObjectNode details, EventDetail detail, HistoryRecord step) {
        var slash = detail.getField().indexOf('/');
        var top = slash < 0 ? detail.getField() : detail.getField().substring(0, slash);
        if (slash >= 0) {
            // Variables are the user's names, and a slash in one is part of it: only the first separates.
            putValue(details.withObjectProperty(top), detail.getField().substring(slash + 1), detail.getValue(), step);
        } else {
            putValue(details, top, detail.getValue(), step);
        }
        if (WITH_TRUNCATION.contains(top)) {
            details.putObject(top + "Details").put("truncated", slash < 0 && !details.has(top));
        }
    }

    private static void putValue(ObjectNode object, String field, Object value, HistoryRecord step) {
        switch (value) {
            case String text -> object.put(field, text);
            case Long number -> object.put(field, number);
            case PayloadRef payload ->
                putPayload(object, field, step.getPayloads().get(payload.getIndex()));
            // A union's Java type is Object; Avro admits only the three above.
            default -> throw new IllegalStateException("An event's detail holds " + value.getClass());
        }
    }

    /** Payload as JSON text: of one that is purged, a string that says so. */
    private static void putPayload(ObjectNode json, String field, @Nullable Payload payload) {
        if (payload != null) {
            switch (payload.getContent()) {
                case String text -> json.put(field, text);
                case Purged _ -> json.put(field, PURGED);
                // A union's Java type is Object; the views have opened or marked what is left, which is Sealed.
                default -> throw new IllegalStateException("a payload came out of the views sealed");
            }
        }
    }

    /** Since when it is paused, and by whom; nothing if it is not. */
    private static void putPause(ObjectNode json, @Nullable Instant since, String by) {
        if (since != null) {
            json.put("pausedAt", since.toEpochMilli()).put("pausedBy", by);
        }
    }

    private static void putText(ObjectNode json, String field, @Nullable String text) {
        Optional.ofNullable(text).ifPresent(value -> json.put(field, value));
    }

    static void putDate(ObjectNode json, String field, @Nullable Instant date) {
        Optional.ofNullable(date).ifPresent(value -> json.put(field, value.toEpochMilli()));
    }
}
