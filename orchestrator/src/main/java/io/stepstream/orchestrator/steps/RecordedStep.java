package io.stepstream.orchestrator.steps;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.EffectsDigest;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.Inputs;
import io.stepstream.asl.execution.Limits;
import io.stepstream.asl.execution.WaitRow;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.avro.CancelledByParent;
import io.stepstream.schemas.avro.ChildHeardOf;
import io.stepstream.schemas.avro.Continued;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.MapRunUpdated;
import io.stepstream.schemas.avro.MintedToken;
import io.stepstream.schemas.avro.PausedBy;
import io.stepstream.schemas.avro.Redriven;
import io.stepstream.schemas.avro.ResumedBy;
import io.stepstream.schemas.avro.Started;
import io.stepstream.schemas.avro.Stopped;
import io.stepstream.schemas.avro.TaskCompleted;
import io.stepstream.schemas.avro.TaskFailedBy;
import io.stepstream.schemas.avro.TaskHeartbeatOf;
import io.stepstream.schemas.avro.TaskTakenBy;
import io.stepstream.schemas.avro.TimerFired;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;

/**
 * A step as its history record tells it, ready to be run again: the inverse of {@link HistoryRecords}. Sealed payloads must have been
 * opened before, and a record of a purge ({@code PurgedBy}) is no step: there is nothing to run again.
 *
 * @param run what goes into it
 * @param inputs what the interpreter is given: tokens and task names as they were recorded
 */
public record RecordedStep(StepRun run, Inputs inputs) {

    /**
     * The step of a record.
     *
     * @param id the executionId, the record's key
     * @param rows the execution's, as the step found them
     * @param machine the revision that the record names
     * @throws IllegalArgumentException if the record contradicts itself or the rows before it; the message says where
     */
    public static RecordedStep of(String id, HistoryRecord record, ExecutionRows rows, StateMachine machine) {
        var identity = rows.execution().map(ExecutionRow::identity).or(() -> starting(record));
        var run = StepRun.again(
                id,
                identity.orElseThrow(() -> new IllegalArgumentException(
                        "step " + record.getStep() + " is of an execution that has not been started")),
                rows,
                command(record, rows),
                new StepRun.Sender(record.getCaller(), Optional.ofNullable(record.getLink())),
                limits(record),
                new StepRun.Marks(record.getStateMachinePaused(), record.getStateMachineLimited()),
                record.getNow(),
                record.getBinding(),
                record.getSeed());
        var tokens = new HashMap<Long, String>();
        for (MintedToken minted : record.getTokens()) {
            tokens.put(
                    minted.getTicket(), Optional.ofNullable(minted.getToken()).orElse(EffectsDigest.REDACTED));
        }
        var names = new RecordedNames(Set.copyOf(record.getUnregistered()), Set.copyOf(record.getLimited()));
        return new RecordedStep(
                run,
                run.inputs(
                        machine,
                        ticket -> tokens.getOrDefault(ticket, "no token was recorded for ticket " + ticket),
                        names));
    }

    /** Task names as a step was told of them. */
    private record RecordedNames(Set<String> unregistered, Set<String> limited) implements Inputs.TaskNames {
        @Override
        public boolean isRegistered(String name) {
            return !unregistered.contains(name);
        }

        @Override
        public boolean isLimited(String name) {
            return limited.contains(name);
        }
    }

    /** Who the execution is that this record begins. */
    public static Optional<ExecutionIdentity> starting(HistoryRecord record) {
        return record.getCommand() instanceof Started started
                ? Optional.of(new ExecutionIdentity(
                        record.getExecutionArn(),
                        started.getName(),
                        started.getStateMachineArn(),
                        started.getStateMachineName(),
                        started.getRoleArn(),
                        record.getRevision(),
                        ExecutionIdentity.Kind.valueOf(started.getKind()),
                        Optional.ofNullable(started.getVersionArn())
                                .map(arn -> new ExecutionIdentity.Version(
                                        arn, Optional.ofNullable(started.getAliasArn())))))
                : Optional.empty();
    }

    private static Command command(HistoryRecord record, ExecutionRows rows) {
        return switch (record.getCommand()) {
            case Started started -> start(record, started);
            case CancelledByParent cancelled ->
                new Command.CancelChild(cancelled.getParentArn(), cancelled.getTicket());
            case ChildHeardOf heard -> ChildHistory.command(heard, index -> payload(record, index));
            case TaskCompleted done ->
                new Command.CompleteTask(
                        done.getTicket(), done.getBinding(), payload(record, done.getOutput()), done.getAppended());
            case TaskFailedBy failed ->
                new Command.FailTask(
                        failed.getTicket(),
                        failed.getBinding(),
                        Optional.ofNullable(failed.getError()),
                        Optional.ofNullable(failed.getCause()),
                        failed.getAppended());
            case TaskTakenBy taken ->
                new Command.StartTask(
                        taken.getTicket(),
                        taken.getBinding(),
                        Optional.ofNullable(taken.getWorkerName()),
                        taken.getAppended());
            case TaskHeartbeatOf heartbeat ->
                new Command.Heartbeat(heartbeat.getTicket(), heartbeat.getBinding(), heartbeat.getAppended());
            case TimerFired timer -> fireTimer(timer, rows);
            case Stopped stopped ->
                new Command.Stop(Optional.ofNullable(stopped.getError()), Optional.ofNullable(stopped.getCause()));
            case PausedBy _ -> new Command.Pause(record.getCaller().getPrincipal());
            case ResumedBy _ -> new Command.Resume();
            case Redriven redriven ->
                new Command.Redrive(Optional.ofNullable(redriven.getParent())
                        .map(by -> ChildHistory.parent(by, index -> payload(record, index))));
            case MapRunUpdated updated ->
                new Command.UpdateMapRun(
                        updated.getTicket(),
                        updated.getMapRunArn(),
                        Optional.ofNullable(updated.getMaxConcurrency()),
                        Optional.ofNullable(updated.getToleratedFailureCount()),
                        Optional.ofNullable(updated.getToleratedFailurePercentage()));
            case Continued continued -> new Command.Continue(continued.getTicket());
            // A union's Java type is Object.
            default -> throw new IllegalArgumentException("a command of an unknown kind: " + record.getCommand());
        };
    }

    private static Command start(HistoryRecord record, Started started) {
        var identity = starting(record).orElseThrow();
        var input = payload(record, started.getInput());
        var by = started.getParent();
        return by == null
                ? new Command.Start(identity, input)
                : new Command.StartChild(identity, input, ChildHistory.parent(by, index -> payload(record, index)));
    }

    /** A timer that changed something was the one that its wait had set; recorded is the deadline, which heartbeats may have moved. */
    private static Command fireTimer(TimerFired timer, ExecutionRows rows) {
        var set = rows.waiting(timer.getTicket()).flatMap(wait -> switch (wait) {
            case WaitRow.Task task -> task.timer();
            case WaitRow.Pause pause -> Optional.of(pause.due());
            case WaitRow.ExecutionDeadline deadline -> Optional.of(deadline.due());
            case WaitRow.AbandonedChild _, WaitRow.MapRun _, WaitRow.MapTask _ -> Optional.empty();
        });
        return new Command.FireTimer(timer.getTicket(), set.orElse(timer.getDue()));
    }

    private static Document payload(HistoryRecord record, int index) {
        var payloads = record.getPayloads();
        if (index < 0 || index >= payloads.size()) {
            throw new IllegalArgumentException("the command's payload is number " + index + " of " + payloads.size());
        }
        return Document.ofTrusted(Payloads.json(payloads.get(index)));
    }

    /** The limits that a record was made under. */
    public static Limits limits(HistoryRecord record) {
        var limits = record.getLimits();
        return new Limits(
                limits.getTransitionsPerStep(),
                limits.getOutputBytesPerStep(),
                limits.getChildrenPerStep(),
                limits.getPayloadBytes(),
                limits.getHistoryEvents(),
                limits.getNesting(),
                limits.getAssignedBytes(),
                limits.getVariablesBytes(),
                limits.getExpressSeconds(),
                limits.getMapConcurrency(),
                limits.getInlineConcurrency(),
                limits.getRedriveDays());
    }
}
