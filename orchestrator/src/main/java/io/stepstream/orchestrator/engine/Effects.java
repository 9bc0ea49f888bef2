package io.stepstream.orchestrator.engine;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.execution.RowChange;
import io.stepstream.asl.execution.Step;
import io.stepstream.asl.execution.Verdict;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.TaskRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Carries out the effects of a step: each becomes a record or a timer. */
final class Effects {
    private final Outbox outbox;
    private final Timers timers;
    private final int partitions;

    Effects(Outbox outbox, Timers timers, int partitions) {
        this.outbox = outbox;
        this.timers = timers;
        this.partitions = partitions;
    }

    /**
     * Carries out a step's effects, before its rows are written.
     *
     * @param number of the step in the execution's history
     */
    void carryOut(StepRun run, Step step, long number, Origin origin) {
        var status = started(run, step, number);
        for (var effect : step.effects()) {
            switch (effect) {
                case Effect.RequestTask task -> outbox.request(request(run, task), run.now());
                case Effect.StartTimer(var ticket, var due, var kind) -> timers.start(run.id(), ticket, due, kind);
                case Effect.CancelTimer(var ticket, var due) -> timers.cancel(run.id(), ticket, due);
                case Effect.Answer(var verdict) -> answer(run, verdict, origin);
                case Effect.Continue(var ticket) -> outbox.goOn(run.id(), ticket, run.now());
                case Effect.Close(var outcome) -> status = Optional.of(closed(run, step, number, outcome));
                // Both are in the history record.
                case Effect.RecordHistory _, Effect.EndTask _ -> {}
            }
        }
        status.ifPresent(last -> outbox.status(run.id(), last, run.now()));
    }

    private TaskRequest request(StepRun run, Effect.RequestTask task) {
        return new TaskRequest(
                task.token(),
                task.name(),
                task.resource(),
                task.resource().endsWith(".waitForTaskToken"),
                Payloads.of(task.input().text()),
                run.id(),
                run.identity().arn(),
                run.identity().stateMachineArn(),
                task.state(),
                task.path().text(),
                task.attempt(),
                run.id() + '-' + task.ticket(),
                run.now(),
                task.deadline().orElse(null),
                task.heartbeat().map(Duration::toSeconds).orElse(null),
                Topics.partitionOf(run.id(), partitions));
    }

    private void answer(StepRun run, Verdict verdict, Origin origin) {
        var arn = run.identity().arn();
        switch (verdict) {
            case Verdict.Accepted(var at) -> outbox.accepted(origin.caller(), arn, Optional.empty(), at);
            case Verdict.Refused(var reason, var message) ->
                outbox.refused(origin.caller(), arn, reason.name(), message, run.now());
        }
    }

    private static Optional<ExecutionStatus> started(StepRun run, Step step, long number) {
        if (run.rows().execution().isPresent() || step.rows().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(status(run, step, number).setStatus("RUNNING").build());
    }

    private static ExecutionStatus closed(StepRun run, Step step, long number, Outcome outcome) {
        var status =
                status(run, step, number).setStatus(outcome.status().name()).setStopDate(run.now());
        return switch (outcome) {
            case Outcome.Succeeded(var output) ->
                status.setOutput(Payloads.of(output.text())).build();
            case Outcome.Failed(var error, var cause) ->
                status.setError(error.orElse(null)).setCause(cause.orElse(null)).build();
            case Outcome.TimedOut() -> status.build();
            case Outcome.Aborted(var error, var cause) ->
                status.setError(error.orElse(null)).setCause(cause.orElse(null)).build();
        };
    }

    private static ExecutionStatus.Builder status(StepRun run, Step step, long number) {
        var identity = run.identity();
        var started = step.rows().stream()
                .flatMap(change -> change instanceof RowChange.PutExecution(var row) ? Stream.of(row) : Stream.empty())
                .findFirst()
                .or(() -> run.rows().execution())
                .map(ExecutionRow::started)
                .orElse(run.now());
        return ExecutionStatus.newBuilder()
                .setExecutionArn(identity.arn())
                .setName(identity.name())
                .setStateMachineArn(identity.stateMachineArn())
                .setRevision(identity.revision())
                .setStartDate(started)
                .setInput(input(run).map(Document::text).map(Payloads::of).orElse(null))
                .setStep(number);
    }

    private static Optional<Document> input(StepRun run) {
        return run.command() instanceof Command.Start start
                ? Optional.of(start.input())
                : run.rows().input();
    }
}
