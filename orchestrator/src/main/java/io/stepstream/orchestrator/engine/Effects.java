package io.stepstream.orchestrator.engine;

import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.execution.Parent;
import io.stepstream.asl.execution.Step;
import io.stepstream.asl.execution.Verdict;
import io.stepstream.orchestrator.steps.StatusRecords;
import io.stepstream.orchestrator.steps.StepRun;
import io.stepstream.orchestrator.trace.StepTrace;
import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.AskForTurn;
import io.stepstream.schemas.avro.EndTurn;
import io.stepstream.schemas.avro.EndTurnsOfExecution;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.TaskRequest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
                    outbox.within(trace.map(spans -> spans.task(task.ticket())), () -> request(task, run, stored));
                case Effect.ReleaseTask(var ticket, var name) -> endTurn(LimitKeys.task(name), ticket, run);
                case Effect.AwaitTurn(var ticket) -> ask(run.identity().stateMachineArn(), ticket, null, run, stored);
                case Effect.ReleaseTurn(var ticket) -> endTurn(run.identity().stateMachineArn(), ticket, run);
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
                // It is in the status too.
                case Effect.Close(var outcome) -> ended(outcome, run);
                case Effect.RecordHistory _, Effect.EndTask _ -> {}
            }
        }
        StatusRecords.of(run, step, number).ifPresent(last -> outbox.status(run.id(), stored.sealed(last), run.now()));
    }

    /** What can be redriven, by somebody or by its Map run, keeps its rows for a while. */
    private void ended(Outcome outcome, StepRun run) {
        var isOfMapRun = run.parent().flatMap(Parent::item).isPresent();
        if (!(outcome instanceof Outcome.Succeeded)
                && (run.identity().kind() == ExecutionIdentity.Kind.STANDARD || isOfMapRun)) {
            timers.start(Sweeps.timer(run.id(), run.now(), run.limits()), Timers.Kind.SWEEP);
        }
    }

    private void request(Effect.RequestTask task, StepRun run, SealableRows stored) {
        var request = request(run, task);
        switch (task.turn()) {
            case AT_ONCE -> send(request, run, stored);
            case IN_ORDER -> ask(LimitKeys.task(task.name()), task.ticket(), request, run, stored);
        }
    }

    private void ask(String limit, long ticket, @Nullable TaskRequest request, StepRun run, SealableRows stored) {
        var isSealed = stored.key().isPresent();
        tellHome(limit, new Internal(new AskForTurn(limit, run.id(), ticket, request, isSealed)), run);
    }

    private void endTurn(String limit, long ticket, StepRun run) {
        tellHome(limit, new Internal(new EndTurn(limit, run.id(), ticket)), run);
    }

    private void tellHome(String limit, Internal letter, StepRun run) {
        outbox.tell(limit, Topics.partitionOf(limit, partitions), letter, run.now());
    }

    /** Tells the homes of all limits that an execution is over which cannot say what it has asked for. */
    void endTurnsOf(StepRun run) {
        var letter = new Internal(new EndTurnsOfExecution(run.id()));
        for (var partition = 0; partition < partitions; partition++) {
            outbox.tell(run.identity().arn(), partition, letter, run.now());
        }
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
