package io.stepstream.audit.show;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.Secrets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A snapshot as JSON; what is absent is left out. Times are in ISO-8601. */
public final class SnapshotJson {
    private SnapshotJson() {}

    public static ObjectNode of(Snapshot snapshot) {
        var json = object().put("executionArn", snapshot.executionArn())
                .put("stateMachineArn", snapshot.stateMachineArn())
                .put("revision", snapshot.revision())
                .put("status", snapshot.status());
        json.putObject("place")
                .put("step", snapshot.place().step())
                .put("event", snapshot.place().event())
                .put("at", snapshot.place().at().toString())
                .put("command", snapshot.place().command());
        put(json, "started", snapshot.started());
        snapshot.startedBy().ifPresent(arn -> json.put("startedBy", arn));
        put(json, "deadline", snapshot.deadline());
        snapshot.input().ifPresent(input -> json.set("input", input));
        snapshot.end().ifPresent(end -> {
            var to = json.putObject("end").put("at", end.at().toString());
            end.output().ifPresent(output -> to.set("output", output));
            end.error().ifPresent(error -> to.put("error", error));
            end.cause().ifPresent(cause -> to.put("cause", cause));
        });
        snapshot.frames().ifPresent(root -> json.set("root", frame(root)));
        if (!snapshot.inStates().isEmpty()) {
            var states = json.putArray("inStates");
            snapshot.inStates().forEach(states::add);
        }
        var tasks = json.putArray("tasks");
        snapshot.tasks().forEach(task -> tasks.add(task(task)));
        var notes = json.putArray("notes");
        snapshot.notes().forEach(notes::add);
        return json;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static void put(ObjectNode json, String field, Optional<Instant> time) {
        time.ifPresent(at -> json.put(field, at.toString()));
    }

    private static JsonNode frame(Snapshot.Frame frame) {
        var json =
                object().put("path", frame.path()).put("state", frame.state()).put("phase", frame.phase());
        put(json, "entered", frame.entered());
        json.set("data", frame.data());
        if (!frame.variables().isEmpty()) {
            json.set("variables", variables(frame.variables()));
        }
        if (!frame.retries().isEmpty()) {
            var retries = json.putArray("retries");
            frame.retries().forEach(retries::add);
        }
        frame.item().ifPresent(item -> json.set("item", item));
        frame.waitsFor().ifPresent(wait -> json.set("waitsFor", wait(wait)));
        if (!frame.children().isEmpty()) {
            var children = json.putArray("children");
            frame.children().forEach(child -> children.add(frame(child)));
            json.put("moreChildren", frame.moreChildren());
        }
        return json;
    }

    private static JsonNode variables(Map<String, JsonNode> variables) {
        var json = object();
        variables.forEach(json::set);
        return json;
    }

    private static JsonNode wait(Snapshot.Wait wait) {
        return switch (wait) {
            case Snapshot.Wait.ForTask(var ticket) -> object().put("task", ticket);
            case Snapshot.Wait.Until(var ticket, var due) ->
                object().put("ticket", ticket).put("due", due.toString());
            case Snapshot.Wait.ForChildren(var total, var started, var ended) ->
                object().put("children", total).put("started", started).put("ended", ended);
            case Snapshot.Wait.ForMapRun(var ticket, var run) ->
                object().put("ticket", ticket)
                        .put("mapRun", run.arn())
                        .put("stage", run.stage())
                        .put("items", run.items())
                        .put("started", run.started())
                        .put("running", run.running())
                        .put("succeeded", run.succeeded())
                        .put("failed", run.failed())
                        .put("timedOut", run.timedOut())
                        .put("aborted", run.aborted());
        };
    }

    private static JsonNode task(Snapshot.Task task) {
        var json = object().put("ticket", task.ticket())
                .put("token", Secrets.HIDDEN)
                .put("path", task.path())
                .put("state", task.state())
                .put("name", task.name());
        json.set("input", task.input());
        json.put("requested", task.requested().toString());
        task.started().ifPresent(started -> json.put("started", started));
        put(json, "timeout", task.timeout());
        put(json, "heartbeatDue", task.heartbeat());
        task.child()
                .ifPresent(child -> json.putObject("child")
                        .put("executionArn", child.executionArn())
                        .put("confirmed", child.confirmed()));
        return json;
    }
}
