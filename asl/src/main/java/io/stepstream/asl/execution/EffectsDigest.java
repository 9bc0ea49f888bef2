package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The effects of a step in a canonical form, and its digest: what a history record keeps so that running the step again can be
 * checked. The form is fixed here, field by field, so that it does not change with rows, records or wire formats: a JSON array of
 * objects without white space, fields in the order written below, absent values left out, times in ISO-8601, payloads as text.
 */
public final class EffectsDigest {
    private EffectsDigest() {}

    /** SHA-256 over the UTF-8 bytes of {@link #canonical}. */
    public static byte[] sha256(List<Effect> effects) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(canonical(effects).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The canonical text of these effects. */
    public static String canonical(List<Effect> effects) {
        var array = JsonNodeFactory.instance.arrayNode();
        effects.forEach(effect -> write(effect, array.addObject()));
        return array.toString();
    }

    private static void write(Effect effect, ObjectNode to) {
        switch (effect) {
            case Effect.RequestTask task -> writeTask(task, to);
            case Effect.EndTask(var ticket, var outcome) ->
                to.put("effect", "endTask").put("ticket", ticket).put("outcome", outcome.name());
            case Effect.StartTimer(var ticket, var due, var kind) ->
                to.put("effect", "startTimer")
                        .put("ticket", ticket)
                        .put("due", due.toString())
                        .put("kind", kind.name());
            case Effect.CancelTimer(var ticket, var due) ->
                to.put("effect", "cancelTimer").put("ticket", ticket).put("due", due.toString());
            case Effect.RecordHistory(var event) -> writeEvent(event, to);
            case Effect.Answer(var verdict) -> writeVerdict(verdict, to);
            case Effect.Continue(var ticket) -> to.put("effect", "continue").put("ticket", ticket);
            case Effect.Close(var outcome) -> writeOutcome(outcome, to);
        }
    }

    private static void writeTask(Effect.RequestTask task, ObjectNode to) {
        to.put("effect", "requestTask")
                .put("ticket", task.ticket())
                .put("path", task.path().text())
                .put("state", task.state())
                .put("name", task.name())
                .put("resource", task.resource())
                .put("input", task.input().text())
                .put("token", task.token());
        putIfPresent(to, "deadline", task.deadline().map(Instant::toString));
        task.heartbeat().ifPresent(interval -> to.put("heartbeatSeconds", interval.toSeconds()));
        to.put("attempt", task.attempt());
    }

    private static void writeEvent(HistoryEvent event, ObjectNode to) {
        to.put("effect", "recordHistory")
                .put("id", event.id())
                .put("previousEventId", event.previousEventId())
                .put("type", event.type().wireName());
        writeDetails(event.details(), to.putObject("details"));
    }

    private static void writeDetails(Map<String, HistoryEvent.Detail> details, ObjectNode to) {
        details.forEach((field, detail) -> {
            switch (detail) {
                case HistoryEvent.Detail.Text(var value) -> to.put(field, value);
                case HistoryEvent.Detail.Number(var value) -> to.put(field, value);
                case HistoryEvent.Detail.Data(var value) -> to.put(field, value.text());
                case HistoryEvent.Detail.Fields(var value) -> writeDetails(value, to.putObject(field));
            }
        });
    }

    private static void writeVerdict(Verdict verdict, ObjectNode to) {
        to.put("effect", "answer");
        switch (verdict) {
            case Verdict.Accepted(var at) -> to.put("acceptedAt", at.toString());
            case Verdict.Refused(var reason, var message) ->
                to.put("refused", reason.name()).put("message", message);
        }
    }

    private static void writeOutcome(Outcome outcome, ObjectNode to) {
        to.put("effect", "close").put("status", outcome.status().name());
        switch (outcome) {
            case Outcome.Succeeded(var output) -> to.put("output", output.text());
            case Outcome.Failed(var error, var cause) -> {
                putIfPresent(to, "error", error);
                putIfPresent(to, "cause", cause);
            }
            case Outcome.TimedOut() -> {}
            case Outcome.Aborted(var error, var cause) -> {
                putIfPresent(to, "error", error);
                putIfPresent(to, "cause", cause);
            }
        }
    }

    private static void putIfPresent(ObjectNode to, String field, Optional<String> value) {
        value.ifPresent(text -> to.put(field, text));
    }
}
