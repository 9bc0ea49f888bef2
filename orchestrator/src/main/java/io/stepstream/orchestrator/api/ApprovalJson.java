package io.stepstream.orchestrator.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.orchestrator.views.ApprovalView;
import io.stepstream.orchestrator.views.TicketedTask;
import io.stepstream.orchestrator.views.avro.TaskState;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Started;
import java.util.List;

/** Tasks, and who asked for them, as JSON. */
final class ApprovalJson {

    private ApprovalJson() {}

    static ObjectNode task(long ticket, TaskState task) {
        var json = Json.object()
                .put("ticket", ticket)
                .put("state", task.getState())
                .put("name", task.getName())
                .put("requestedAt", task.getRequestedAt().toEpochMilli());
        Json.putDate(json, "deadline", task.getDeadline());
        var end = task.getEnded();
        json.put("status", end == null ? "PENDING" : end.getStatus());
        if (end != null) {
            Json.putDate(json, "endedAt", end.getAt());
            var decision = end.getDecision();
            if (decision != null) {
                json.put("decision", decision.getDecision())
                        .put("comment", decision.getComment())
                        .put("fields", decision.getFields())
                        .put("decidedBy", decision.getDecidedBy());
            }
        }
        return json;
    }

    static ObjectNode tasks(List<TicketedTask> tasks) {
        var json = Json.object();
        var array = json.putArray("tasks");
        tasks.forEach(task -> array.add(task(task.ticket(), task.task())));
        return json;
    }

    /** Who started an execution; of a child, which execution that was. */
    static ObjectNode start(HistoryRecord record) {
        var caller = record.getCaller();
        var json = Json.object()
                .put("principal", caller.getPrincipal())
                .put("channel", caller.getChannel())
                .put("address", caller.getAddress());
        if (record.getCommand() instanceof Started started && started.getParent() != null) {
            json.put("parent", started.getParent().getExecutionArn());
        }
        return json;
    }

    static ObjectNode approval(ApprovalView.Entry entry) {
        var approval = entry.approval();
        var json = Json.object()
                .put("place", entry.place())
                .put("executionArn", approval.getExecutionArn())
                .put("executionId", approval.getExecutionId())
                .put("ticket", approval.getTicket())
                .put("state", approval.getState())
                .put("name", approval.getName())
                .put("title", approval.getTitle())
                .put("requestedBy", approval.getRequestedBy())
                .put("requestedAt", approval.getRequestedAt().toEpochMilli());
        Json.putDate(json, "deadline", approval.getDeadline());
        return json;
    }
}
