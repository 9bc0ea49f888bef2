package io.stepstream.asl.execution;

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
 *
 * <p>The token of each task asked for is written as {@link #REDACTED}, wherever the step's effects show it: who may not see tokens can
 * still check the digest.
 */
public final class EffectsDigest {
    /** What stands for a task token. */
    public static final String REDACTED = "***";

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
        var array = new CanonicalJson();
        effects.forEach(effect -> array.element(object -> write(effect, object)));
        var text = array.text();
        for (var effect : effects) {
            if (effect instanceof Effect.RequestTask task) {
                text = text.replace(task.token(), REDACTED);
            }
        }
        return text;
    }

    private static void write(Effect effect, CanonicalJson to) {
        switch (effect) {
            case Effect.RequestTask task -> writeTask(task, to);
            case Effect.StartChild start -> writeStart(start, to);
            case Effect.CancelChild(var arn, var ticket) ->
                to.put("effect", "cancelChild").put("executionArn", arn).put("ticket", ticket);
            case Effect.RedriveChild(var arn, var parent) -> {
                to.put("effect", "redriveChild").put("executionArn", arn);
                writeParent(parent, to);
            }
            case Effect.TellParent(var parent, var report) -> {
                to.put("effect", "tellParent");
                writeParent(parent, to);
                writeReport(report, to);
            }
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
            case Effect.AwaitResume(var ticket) ->
                to.put("effect", "awaitResume").put("ticket", ticket);
            case Effect.ReleaseTask(var ticket, var name) ->
                to.put("effect", "releaseTask").put("ticket", ticket).put("name", name);
            case Effect.AwaitTurn(var ticket) -> to.put("effect", "awaitTurn").put("ticket", ticket);
            case Effect.ReleaseTurn(var ticket) ->
                to.put("effect", "releaseTurn").put("ticket", ticket);
            case Effect.Close(var outcome) -> {
                to.put("effect", "close");
                writeOutcome(outcome, to);
            }
        }
    }

    private static void writeTask(Effect.RequestTask task, CanonicalJson to) {
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
        switch (task.turn()) {
            case AT_ONCE -> {}
            case IN_ORDER -> to.put("turn", task.turn().name());
        }
    }

    private static void writeStart(Effect.StartChild start, CanonicalJson to) {
        to.put("effect", "startChild").put("executionArn", start.executionArn()).put("name", start.name());
        switch (start.machine()) {
            case ChildMachine.Current(var arn) -> to.put("stateMachineArn", arn);
            case ChildMachine.SameAsParent(var arn, var name, var role, var revision) ->
                to.put("stateMachineArn", arn)
                        .put("stateMachineName", name)
                        .put("roleArn", role)
                        .put("revision", revision);
        }
        to.put("input", start.input().text());
        writeParent(start.parent(), to);
    }

    private static void writeParent(Parent parent, CanonicalJson to) {
        to.put("parentArn", parent.executionArn())
                .put("ticket", parent.ticket())
                .put("binding", parent.binding())
                .put("interest", parent.interest().name());
        parent.item().ifPresent(item -> {
            to.put("mapState", item.state()).put("item", item.index());
            item.value().ifPresent(value -> to.put("value", value.text()));
        });
    }

    private static void writeReport(ChildReport report, CanonicalJson to) {
        switch (report) {
            case ChildReport.Started(var arn, var startDate) ->
                to.put("started", arn).put("startDate", startDate.toString());
            case ChildReport.Redriven(var arn) -> to.put("redriven", arn);
            case ChildReport.Refused(var reason, var subject) ->
                to.put("refused", reason.name()).put("subject", subject);
            case ChildReport.Ended ended -> {
                to.put("ended", ended.executionArn())
                        .put("name", ended.name())
                        .put("stateMachineArn", ended.stateMachineArn());
                ended.input().ifPresent(input -> to.put("input", input.text()));
                to.put("startDate", ended.startDate().toString())
                        .put("stopDate", ended.stopDate().toString());
                if (ended.items() > 0) {
                    to.put("items", ended.items());
                }
                writeOutcome(ended.outcome(), to);
            }
        }
    }

    private static void writeEvent(HistoryEvent event, CanonicalJson to) {
        to.put("effect", "recordHistory")
                .put("id", event.id())
                .put("previousEventId", event.previousEventId())
                .put("type", event.type().wireName());
        to.object("details", details -> writeDetails(event.details(), details));
    }

    private static void writeDetails(Map<String, HistoryEvent.Detail> details, CanonicalJson to) {
        details.forEach((field, detail) -> {
            switch (detail) {
                case HistoryEvent.Detail.Text(var value) -> to.put(field, value);
                case HistoryEvent.Detail.Number(var value) -> to.put(field, value);
                case HistoryEvent.Detail.Data(var value) -> to.put(field, value.text());
                case HistoryEvent.Detail.Fields(var value) -> to.object(field, fields -> writeDetails(value, fields));
            }
        });
    }

    private static void writeVerdict(Verdict verdict, CanonicalJson to) {
        to.put("effect", "answer");
        switch (verdict) {
            case Verdict.Accepted(var at) -> to.put("acceptedAt", at.toString());
            case Verdict.Refused(var reason, var message) ->
                to.put("refused", reason.name()).put("message", message);
        }
    }

    private static void writeOutcome(Outcome outcome, CanonicalJson to) {
        to.put("status", outcome.status().name());
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

    private static void putIfPresent(CanonicalJson to, String field, Optional<String> value) {
        value.ifPresent(text -> to.put(field, text));
    }
}
