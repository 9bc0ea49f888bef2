package io.stepstream.orchestrator.engine;

import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.Step;
import io.stepstream.asl.execution.Verdict;
import io.stepstream.orchestrator.steps.StatusRecords;
import io.stepstream.orchestrator.steps.StepRun;
import io.stepstream.orchestrator.trace.StepTrace;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.TaskRequest;
import java.time.Duration;
import java.util.Optional;

/** Carries out the effects of a step: each becomes a record or a timer. */
final class Effects {
    private final Outbox outbox;
    private final Timers timers;
    private final PausedStateMachines pauses;
    private final int partitions;

    Effects(Outbox outbox, Timers timers, PausedStateMachines pauses, int partitions) {
        this.outbox = outbox;
        this.timers = timers;
        this.pauses = pauses;
        this.partitions = partitions;
    }

    /**
     * Carries out a step's effects, before its rows are written.
     *
     * @param number of the step in the execution's history
     * @param stored says whether what is kept of them is sealed
     * @param trace which spans tasks and children are to belong to, if there are any
     */
    void carryOut(StepRun run, Step step, long number, Origin origin, SealableRows stored, Optional<StepTrace> trace) {
        for (var effect : step.effects()) {
            switch (effect) {
                case Effect.RequestTask task ->
                    outbox.within(
                            trace.map(spans -> spans.task(task.ticket())), () -> send(request(run, task), run, stored));
                case Effect.StartChild start ->
                    outbox.within(
                            trace.map(spans -> spans.child(start.parent())),
                            () -> outbox.tell(start.executionArn(), ChildRecords.start(start), run.now()));
                case Effect.CancelChild(var arn, var ticket) ->
                    outbox.tell(arn, ChildRecords.cancel(run.identity().arn(), ticket), run.now());
                case Effect.RedriveChild(var arn, var parent) ->
                    outbox.tell(arn, ChildRecords.redrive(arn, parent), run.now());
                case Effect.TellParent(var parent, var report) ->
                    outbox.tell(parent.executionArn(), ChildRecords.report(parent, report), run.now());
                case Effect.StartTimer(var ticket, var due, var kind) -> timers.start(run.id(), ticket, due, kind);
                case Effect.CancelTimer(var ticket, var due) -> timers.cancel(run.id(), ticket, due);
                case Effect.Answer(var verdict) -> answer(run, verdict, origin);
                case Effect.Continue(var ticket) -> outbox.goOn(run.id(), ticket, run.now());
                case Effect.AwaitResume(var ticket) ->
                    pauses.hold(run.identity().stateMachineArn(), run.id(), ticket);
                // Both are in the history record; the end is in the status.
                case Effect.RecordHistory _, Effect.EndTask _, Effect.Close _ -> {}
            }
        }
        StatusRecords.of(run, step, number).ifPresent(last -> outbox.status(run.id(), stored.sealed(last), run.now()));
    }

    private void send(TaskRequest request, StepRun run, SealableRows stored) {
        if (stored.key().isPresent()) {
            outbox.sealedRequest(request, run.now());
        } else {
            outbox.request(request, run.now());
        }
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
            case Verdict.Accepted(var at) -> outbox.accepted(origin.caller(), arn, at);
            case Verdict.Refused(var reason, var message) ->
                outbox.refused(origin.caller(), arn, reason.name(), message, run.now());
        }
    }
}
