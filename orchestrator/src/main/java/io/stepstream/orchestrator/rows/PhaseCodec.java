package io.stepstream.orchestrator.rows;

import io.stepstream.asl.execution.Failure;
import io.stepstream.asl.execution.Phase;
import io.stepstream.orchestrator.rows.avro.AbortingPhase;
import io.stepstream.orchestrator.rows.avro.AwaitingTaskPhase;
import io.stepstream.orchestrator.rows.avro.BackingOffPhase;
import io.stepstream.orchestrator.rows.avro.EndedPhase;
import io.stepstream.orchestrator.rows.avro.FailingPhase;
import io.stepstream.orchestrator.rows.avro.HaltedPhase;
import io.stepstream.orchestrator.rows.avro.JoiningPhase;
import io.stepstream.orchestrator.rows.avro.MappingPhase;
import io.stepstream.orchestrator.rows.avro.PendingPhase;
import io.stepstream.orchestrator.rows.avro.ReadyPhase;
import io.stepstream.orchestrator.rows.avro.RetryingPhase;
import io.stepstream.orchestrator.rows.avro.SleepingPhase;
import io.stepstream.orchestrator.rows.avro.SuspendedPhase;
import java.util.Optional;

/** What a frame is doing, in its stored form, and back. */
final class PhaseCodec {
    private PhaseCodec() {}

    static Object stored(Phase phase) {
        return switch (phase) {
            case Phase.Ready() -> new ReadyPhase();
            case Phase.AwaitingTask(var ticket) -> new AwaitingTaskPhase(ticket);
            case Phase.Sleeping(var ticket) -> new SleepingPhase(ticket);
            case Phase.BackingOff(var ticket) -> new BackingOffPhase(ticket);
            case Phase.Retrying() -> new RetryingPhase();
            case Phase.Joining(var total, var started, var ended, var concurrency, var tolerated) ->
                new JoiningPhase(total, started, ended, concurrency, tolerated);
            case Phase.Mapping(var ticket) -> new MappingPhase(ticket);
            case Phase.Failing(var children, var failure, var resumed) ->
                new FailingPhase(
                        children,
                        failure.error().orElse(null),
                        failure.cause().orElse(null),
                        failure.kind().name(),
                        resumed.map(PhaseCodec::stored).orElse(null));
            case Phase.Aborting(var children, var resumed) ->
                new AbortingPhase(children, resumed.map(PhaseCodec::stored).orElse(null));
            case Phase.Pending(var count) -> new PendingPhase(count);
            case Phase.Ended() -> new EndedPhase();
            case Phase.Halted() -> new HaltedPhase();
            case Phase.Suspended(var resumed) -> new SuspendedPhase(stored(resumed));
        };
    }

    static Phase phase(Object stored) {
        return switch (stored) {
            case ReadyPhase _ -> new Phase.Ready();
            case RetryingPhase _ -> new Phase.Retrying();
            case AwaitingTaskPhase phase -> new Phase.AwaitingTask(phase.getTicket());
            case SleepingPhase phase -> new Phase.Sleeping(phase.getTicket());
            case BackingOffPhase phase -> new Phase.BackingOff(phase.getTicket());
            case JoiningPhase phase ->
                new Phase.Joining(
                        phase.getTotal(),
                        phase.getStarted(),
                        phase.getEnded(),
                        phase.getConcurrency(),
                        phase.getTolerated());
            case MappingPhase phase -> new Phase.Mapping(phase.getTicket());
            case FailingPhase phase ->
                new Phase.Failing(
                        phase.getChildren(),
                        new Failure(
                                Optional.ofNullable(phase.getError()),
                                Optional.ofNullable(phase.getCause()),
                                Failure.Kind.valueOf(phase.getKind())),
                        Optional.ofNullable(phase.getResumed()).map(PhaseCodec::phase));
            case AbortingPhase phase ->
                new Phase.Aborting(
                        phase.getChildren(),
                        Optional.ofNullable(phase.getResumed()).map(PhaseCodec::phase));
            case PendingPhase phase -> new Phase.Pending(phase.getCount());
            case EndedPhase _ -> new Phase.Ended();
            case HaltedPhase _ -> new Phase.Halted();
            case SuspendedPhase phase -> new Phase.Suspended(phase(phase.getResumed()));
            default -> throw RowCodec.unknown(stored);
        };
    }
}
