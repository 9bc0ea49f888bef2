package io.stepstream.orchestrator.steps;

import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.EffectsDigest;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.HistoryEvent;
import io.stepstream.asl.execution.Limits;
import io.stepstream.asl.execution.RowChange;
import io.stepstream.asl.execution.Step;
import io.stepstream.orchestrator.rows.PackedExecution.Chain;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.CancelledByParent;
import io.stepstream.schemas.avro.Continued;
import io.stepstream.schemas.avro.Event;
import io.stepstream.schemas.avro.EventDetail;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.MapRunUpdated;
import io.stepstream.schemas.avro.MintedToken;
import io.stepstream.schemas.avro.PausedBy;
import io.stepstream.schemas.avro.PayloadRef;
import io.stepstream.schemas.avro.PurgedBy;
import io.stepstream.schemas.avro.Redriven;
import io.stepstream.schemas.avro.ResumedBy;
import io.stepstream.schemas.avro.Started;
import io.stepstream.schemas.avro.StartedBy;
import io.stepstream.schemas.avro.StepLimits;
import io.stepstream.schemas.avro.Stopped;
import io.stepstream.schemas.avro.TaskChange;
import io.stepstream.schemas.avro.TaskCompleted;
import io.stepstream.schemas.avro.TaskFailedBy;
import io.stepstream.schemas.avro.TaskHeartbeatOf;
import io.stepstream.schemas.avro.TaskTakenBy;
import io.stepstream.schemas.avro.TimerFired;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the history record of a step: all that is needed to run it again, as {@link RecordedStep} does. Not thread-safe. */
public final class HistoryRecords {
    private Limits hashed = Limits.DEFAULT;
    private String settingsHash = settingsHash(hashed);

    /** The hash that records name limits and settings by. */
    public static String settingsHash(Limits limits) {
        return Hashes.sha256(limits.toString());
    }

    /**
     * Whether a step makes a record. Heartbeats, and the timers that are set again because of them, make none if they change nothing but
     * a wait; but any command may find work that an earlier step left to do, and whatever is done of it must be told.
     */
    public static boolean isRecorded(Command command, Step step) {
        return switch (command) {
            case Command.Heartbeat _, Command.FireTimer _ ->
                step.rows().stream().anyMatch(change -> !(change instanceof RowChange.PutWait));
            case Command.Start _,
                    Command.StartChild _,
                    Command.CancelChild _,
                    Command.HearOfChild _,
                    Command.CompleteTask _,
                    Command.FailTask _,
                    Command.StartTask _,
                    Command.Stop _,
                    Command.Pause _,
                    Command.Resume _,
                    Command.Redrive _,
                    Command.UpdateMapRun _,
                    Command.Continue _ -> !step.rows().isEmpty();
        };
    }

    /**
     * The record of a step.
     *
     * @param semantics number of the interpreter that made it
     */
    public HistoryRecord of(StepRun run, Step step, int semantics) {
        var effects = step.effects();
        var payloads = new PayloadTable();
        var command = command(run, payloads);
        var tasks = new ArrayList<TaskChange>();
        var events = new ArrayList<Event>();
        for (var effect : effects) {
            switch (effect) {
                case Effect.RequestTask task -> tasks.add(requested(task, payloads));
                case Effect.EndTask(var ticket, var outcome) ->
                    tasks.add(TaskChange.newBuilder()
                            .setTicket(ticket)
                            .setChange(outcome.name())
                            .build());
                case Effect.RecordHistory(var event) -> events.add(event(event, payloads));
                case Effect.StartTimer _,
                        Effect.CancelTimer _,
                        Effect.StartChild _,
                        Effect.CancelChild _,
                        Effect.RedriveChild _,
                        Effect.TellParent _,
                        Effect.Answer _,
                        Effect.Continue _,
                        Effect.AwaitResume _,
                        Effect.AwaitTurn _,
                        Effect.ReleaseTurn _,
                        Effect.ReleaseTask _,
                        Effect.Close _ -> {}
            }
        }
        return new HistoryRecord(
                run.identity().arn(),
                run.chain().step() + 1,
                ByteBuffer.wrap(HexFormat.of().parseHex(run.chain().hash())),
                semantics,
                run.identity().revision(),
                hashOf(run.limits()),
                stepLimits(run.limits()),
                run.now(),
                run.seed(),
                run.binding(),
                Caller.newBuilder(run.sender().caller()).setReplyTo(null).build(),
                command,
                run.sender().link().orElse(null),
                run.minted().entrySet().stream()
                        .map(minted -> new MintedToken(minted.getKey(), minted.getValue()))
                        .toList(),
                List.copyOf(run.unregistered()),
                run.rows().deadlines(),
                tasks,
                MapRunRecords.of(run, step),
                events,
                payloads.payloads(),
                ByteBuffer.wrap(EffectsDigest.sha256(effects)),
                run.marks().paused(),
                run.marks().limited(),
                List.copyOf(run.limited()));
    }

    /**
     * The record of a purge, by which an execution's chain goes on: no step of the interpreter, so there is nothing to run again.
     *
     * @param chain the end of the chain before it
     */
    public HistoryRecord ofPurge(
            ExecutionIdentity identity, Chain chain, Caller caller, PurgedBy purge, Limits limits, Instant now) {
        return new HistoryRecord(
                identity.arn(),
                chain.step() + 1,
                ByteBuffer.wrap(HexFormat.of().parseHex(chain.hash())),
                0,
                identity.revision(),
                hashOf(limits),
                stepLimits(limits),
                now,
                0L,
                "",
                Caller.newBuilder(caller).setReplyTo(null).build(),
                purge,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                ByteBuffer.wrap(EffectsDigest.sha256(List.of())),
                false,
                false,
                List.of());
    }

    private String hashOf(Limits limits) {
        if (!limits.equals(hashed)) {
            hashed = limits;
            settingsHash = settingsHash(limits);
        }
        return settingsHash;
    }

    private static StepLimits stepLimits(Limits limits) {
        return new StepLimits(
                limits.transitionsPerStep(),
                limits.outputBytesPerStep(),
                limits.childrenPerStep(),
                limits.payloadBytes(),
                limits.historyEvents(),
                limits.nesting(),
                limits.assignedBytes(),
                limits.variablesBytes(),
                limits.expressSeconds(),
                limits.mapConcurrency(),
                limits.inlineConcurrency(),
                limits.redriveDays());
    }

    private static Object command(StepRun run, PayloadTable payloads) {
        return switch (run.command()) {
            case Command.Start(var identity, var input) -> started(identity, payloads.index(input), null);
            case Command.StartChild(var identity, var input, var parent) ->
                started(identity, payloads.index(input), ChildHistory.startedBy(parent, payloads));
            case Command.CancelChild(var parentArn, var ticket) -> new CancelledByParent(parentArn, ticket);
            case Command.HearOfChild report -> ChildHistory.heardOf(report, payloads);
            case Command.CompleteTask(var ticket, var binding, var output, var appended) ->
                new TaskCompleted(ticket, binding, payloads.index(output), appended);
            case Command.FailTask(var ticket, var binding, var error, var cause, var appended) ->
                new TaskFailedBy(ticket, binding, error.orElse(null), cause.orElse(null), appended);
            case Command.StartTask(var ticket, var binding, var worker, var appended) ->
                new TaskTakenBy(ticket, binding, worker.orElse(null), appended);
            case Command.Heartbeat(var ticket, var binding, var appended) ->
                new TaskHeartbeatOf(ticket, binding, appended);
            case Command.FireTimer(var ticket, var due) ->
                new TimerFired(ticket, run.deadlineInForce(ticket).orElse(due));
            case Command.Stop(var error, var cause) -> new Stopped(error.orElse(null), cause.orElse(null));
            case Command.Pause _ -> new PausedBy();
            case Command.Resume _ -> new ResumedBy();
            case Command.Redrive(var parent) ->
                new Redriven(parent.map(asking -> ChildHistory.startedBy(asking, payloads))
                        .orElse(null));
            case Command.UpdateMapRun(var ticket, var arn, var concurrency, var count, var percentage) ->
                new MapRunUpdated(ticket, arn, concurrency.orElse(null), count.orElse(null), percentage.orElse(null));
            case Command.Continue(var ticket) -> new Continued(ticket);
        };
    }

    private static Started started(ExecutionIdentity identity, int input, @Nullable StartedBy parent) {
        return new Started(
                identity.name(),
                identity.stateMachineArn(),
                identity.stateMachineName(),
                identity.roleArn(),
                input,
                identity.kind().name(),
                parent,
                identity.version().map(ExecutionIdentity.Version::arn).orElse(null),
                identity.version().flatMap(ExecutionIdentity.Version::aliasArn).orElse(null));
    }

    private static TaskChange requested(Effect.RequestTask task, PayloadTable payloads) {
        return new TaskChange(
                task.ticket(),
                "REQUESTED",
                task.name(),
                task.state(),
                payloads.index(task.input()),
                task.deadline().orElse(null));
    }

    private static Event event(HistoryEvent event, PayloadTable payloads) {
        var details = new ArrayList<EventDetail>();
        addDetails("", event.details(), details, payloads);
        return new Event(event.id(), event.previousEventId(), event.type().wireName(), details);
    }

    private static void addDetails(
            String prefix, Map<String, HistoryEvent.Detail> fields, List<EventDetail> details, PayloadTable payloads) {
        fields.forEach((name, detail) -> {
            var field = prefix + name;
            switch (detail) {
                case HistoryEvent.Detail.Text(var value) -> details.add(new EventDetail(field, value));
                case HistoryEvent.Detail.Number(var value) -> details.add(new EventDetail(field, value));
                case HistoryEvent.Detail.Data(var value) ->
                    details.add(new EventDetail(field, new PayloadRef(payloads.index(value))));
                case HistoryEvent.Detail.Fields(var value) -> addDetails(field + '/', value, details, payloads);
            }
        });
    }
}
