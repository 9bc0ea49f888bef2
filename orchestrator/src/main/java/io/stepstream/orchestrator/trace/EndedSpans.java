package io.stepstream.orchestrator.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.ExecutionStatus;
import io.stepstream.asl.execution.FramePath;
import io.stepstream.asl.execution.FrameRow;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.execution.Phase;
import io.stepstream.asl.execution.RowChange;
import io.stepstream.asl.execution.TaskOutcome;
import io.stepstream.asl.execution.WaitRow;
import io.stepstream.tracing.FinishedSpan;
import io.stepstream.tracing.TraceHeaders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The spans that end with a step: of states that it leaves, of tasks and timers that it ends, of the execution if it does. Their beginnings
 * are in the rows before the step. What is in them are names of the definition, ARNs, numbers and times: nothing that a payload could be
 * in, and so no error's name either.
 */
final class EndedSpans {
    private static final AttributeKey<String> ARN = AttributeKey.stringKey("stepstream.execution.arn");
    private static final AttributeKey<String> STATE_MACHINE = AttributeKey.stringKey("stepstream.state.machine");
    private static final AttributeKey<String> STATUS = AttributeKey.stringKey("stepstream.status");
    private static final AttributeKey<String> STATE = AttributeKey.stringKey("stepstream.state");
    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("stepstream.attempt");
    private static final AttributeKey<Long> TICKET = AttributeKey.longKey("stepstream.ticket");
    private static final AttributeKey<String> DUE = AttributeKey.stringKey("stepstream.due");
    private static final AttributeKey<Long> REDRIVES = AttributeKey.longKey("stepstream.redrives");

    private final StepTrace trace;
    private final Instant now;
    private final Optional<Instant> redriven;
    private final List<FinishedSpan> spans = new ArrayList<>();

    EndedSpans(StepTrace trace) {
        this.trace = trace;
        this.now = trace.run().now();
        this.redriven = trace.row().flatMap(row -> row.redrives().last());
    }

    List<FinishedSpan> all() {
        states();
        for (var change : trace.step().rows()) {
            if (change instanceof RowChange.DeleteWait(var ticket)
                    && trace.run().rows().waiting(ticket).orElse(null) instanceof WaitRow.Pause pause) {
                timer(pause);
            }
        }
        for (var effect : trace.step().effects()) {
            if (effect instanceof Effect.EndTask(var ticket, var outcome)) {
                trace.run().rows().waiting(ticket).ifPresent(wait -> task(wait, outcome));
            }
            if (effect instanceof Effect.Close(var outcome)) {
                trace.row().ifPresent(row -> execution(row, outcome));
            }
        }
        return spans;
    }

    private void states() {
        var before = new ArrayList<FrameRow>();
        var after = new LinkedHashMap<FramePath, FrameRow>();
        for (var change : trace.step().rows()) {
            if (change instanceof RowChange.PutFrame(var row)) {
                trace.run().rows().frame(row.path()).ifPresent(before::add);
                after.put(row.path(), row);
            } else if (change instanceof RowChange.DeleteFrame(var path)) {
                trace.run().rows().frame(path).ifPresent(before::add);
            }
        }
        var states = new EnclosingStates(trace.run(), before, trace.step().effects());
        for (var frame : before) {
            if (wasInState(frame) && !isIn(frame.enteredEventId(), after)) {
                state(frame.enteredEventId(), frame.state(), since(frame.entered()), states);
            }
        }
        states.entered().forEach((id, name) -> {
            if (!isIn(id, after)) {
                state(id, name, now, states);
            }
        });
    }

    private boolean wasInState(FrameRow before) {
        var goesOn = trace.row().flatMap(ExecutionRow::ended).isEmpty();
        return EnclosingStates.isInState(before) || goesOn && EnclosingStates.isHalted(before);
    }

    private static boolean isIn(long state, Map<FramePath, FrameRow> frames) {
        return frames.values().stream()
                .anyMatch(frame -> frame.enteredEventId() == state && EnclosingStates.isInState(frame));
    }

    private void state(long id, String name, Instant start, EnclosingStates states) {
        var outer = states.around(id);
        add(
                SpanIds.state(trace.run().id(), id, trace.redrives()),
                outer == 0 ? trace.execution() : stateSpan(outer),
                name,
                SpanKind.INTERNAL,
                start,
                states.isExited(id) ? Optional.empty() : Optional.of("not left by its exit"),
                attributes().put(STATE, name),
                List.of());
    }

    private TraceHeaders stateSpan(long enteredEventId) {
        return trace.headers(SpanIds.state(trace.run().id(), enteredEventId, trace.redrives()));
    }

    private void task(WaitRow wait, TaskOutcome outcome) {
        switch (wait) {
            case WaitRow.Task task ->
                task(task.ticket(), task.path(), task.asked(), task.child().isPresent(), outcome);
            case WaitRow.MapTask task -> task(task.ticket(), task.path(), task.asked(), false, outcome);
            case WaitRow.Pause _, WaitRow.MapRun _, WaitRow.AbandonedChild _, WaitRow.ExecutionDeadline _ -> {}
        }
    }

    private void task(long ticket, FramePath path, Instant asked, boolean byChild, TaskOutcome outcome) {
        trace.run()
                .rows()
                .frame(path)
                .ifPresent(frame -> add(
                        SpanIds.ticket(trace.run().id(), ticket),
                        stateSpan(frame.enteredEventId()),
                        "task " + frame.state(),
                        byChild ? SpanKind.INTERNAL : SpanKind.PRODUCER,
                        later(asked, since(frame.entered())),
                        outcome == TaskOutcome.SUCCEEDED ? Optional.empty() : Optional.of(outcome.name()),
                        attributes()
                                .put(STATE, frame.state())
                                .put(STATUS, outcome.name())
                                .put(TICKET, ticket)
                                .put(ATTEMPT, attempt(frame)),
                        isAnswered(ticket) && trace.came().isValid() ? List.of(trace.came()) : List.of()));
    }

    private static long attempt(FrameRow frame) {
        return frame.retries().stream().mapToLong(Integer::longValue).sum();
    }

    /** Whether the step's command is an answer to this task. */
    private boolean isAnswered(long ticket) {
        return switch (trace.run().command()) {
            case Command.CompleteTask complete -> complete.ticket() == ticket;
            case Command.FailTask fail -> fail.ticket() == ticket;
            case Command.Start _,
                    Command.StartChild _,
                    Command.CancelChild _,
                    Command.HearOfChild _,
                    Command.StartTask _,
                    Command.Heartbeat _,
                    Command.FireTimer _,
                    Command.Stop _,
                    Command.Pause _,
                    Command.Resume _,
                    Command.Redrive _,
                    Command.UpdateMapRun _,
                    Command.Continue _ -> false;
        };
    }

    /** A Wait state's time, or the time before a retry. */
    private void timer(WaitRow.Pause pause) {
        trace.run()
                .rows()
                .frame(pause.path())
                .ifPresent(frame -> add(
                        SpanIds.ticket(trace.run().id(), pause.ticket()),
                        stateSpan(frame.enteredEventId()),
                        (frame.phase() instanceof Phase.BackingOff ? "backoff " : "wait ") + frame.state(),
                        SpanKind.INTERNAL,
                        later(pause.since(), since(frame.entered())),
                        now.isBefore(pause.due()) ? Optional.of("CANCELLED") : Optional.empty(),
                        attributes()
                                .put(STATE, frame.state())
                                .put(TICKET, pause.ticket())
                                .put(DUE, pause.due().toString()),
                        List.of()));
    }

    private void execution(ExecutionRow row, Outcome outcome) {
        var status = outcome.status();
        var self = trace.execution().span();
        var parent =
                trace.kept().parent().map(span -> trace.headers(span).span()).orElse(SpanContext.getInvalid());
        spans.add(new FinishedSpan(
                self,
                parent,
                StepTrace.name(trace.run()),
                SpanKind.INTERNAL,
                since(row.started()),
                now,
                status == ExecutionStatus.SUCCEEDED ? Optional.empty() : Optional.of(status.name()),
                attributes()
                        .put(STATE_MACHINE, row.identity().stateMachineArn())
                        .put(STATUS, status.name())
                        .put(REDRIVES, (long) row.redrives().count())
                        .build(),
                List.of()));
    }

    private void add(
            String id,
            TraceHeaders parent,
            String name,
            SpanKind kind,
            Instant start,
            Optional<String> failure,
            AttributesBuilder attributes,
            List<SpanContext> links) {
        spans.add(new FinishedSpan(
                trace.headers(id).span(), parent.span(), name, kind, start, now, failure, attributes.build(), links));
    }

    private AttributesBuilder attributes() {
        return Attributes.builder().put(ARN, trace.run().identity().arn());
    }

    /** What began before the execution was redriven goes on in a span of its own. */
    private Instant since(Instant began) {
        return later(began, redriven.orElse(began));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }
}
