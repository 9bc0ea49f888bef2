package io.stepstream.orchestrator.trace;

import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Step;
import io.stepstream.orchestrator.rows.ExecutionTrace;
import io.stepstream.orchestrator.steps.StepRun;
import io.stepstream.tracing.TraceHeaders;
import io.stepstream.tracing.Tracing;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaClientSupplier;

/** The traces that executions are part of. Safe for use by several stream threads. */
public final class Traces {
    private final Tracing tracing;
    private final CommittedSpans spans;

    public Traces(Tracing tracing) {
        this.tracing = tracing;
        this.spans = new CommittedSpans(tracing);
    }

    /** Executions make no spans; what they send is in the trace of the record that made them send it. */
    public static Traces off() {
        return new Traces(Tracing.off());
    }

    /** What Kafka Streams needs so that spans are exported with their transaction; nothing if there are none. */
    public Optional<KafkaClientSupplier> clients() {
        return tracing.isOn() ? Optional.of(spans.clients()) : Optional.empty();
    }

    /**
     * A step's part in the trace of its execution.
     *
     * @param came the trace of the record that the step's command came in
     * @param command the command as it was stored
     */
    public Optional<StepTrace> of(StepRun run, Step step, TraceHeaders came, Bytes command) {
        if (!tracing.isOn() || step.rows().isEmpty()) {
            return Optional.empty();
        }
        var kept = run.rows().execution().isPresent() ? run.rows().trace() : Optional.of(begun(run, came, command));
        return kept.map(trace -> new StepTrace(run, step, trace, came.span()));
    }

    /** The spans of states, tasks, timers and the execution that a step ended, to be exported when it is committed. */
    public void ended(StepTrace trace) {
        if (trace.kept().sampled()) {
            new EndedSpans(trace).all().forEach(spans::add);
        }
    }

    /** This thread's transaction is committed: for who runs the topology without {@link #clients}. */
    public void committed() {
        spans.committed();
    }

    /** A child is in its parent's trace, and sampled as that is; anybody else's is decided upon here, once. */
    private ExecutionTrace begun(StepRun run, TraceHeaders came, Bytes command) {
        var parent = came.span();
        var id = parent.isValid() ? parent.getTraceId() : SpanIds.trace(run.id(), command.get());
        var sampled = run.command() instanceof Command.StartChild && parent.isValid()
                ? parent.isSampled()
                : tracing.samples(parent, id, StepTrace.name(run));
        return new ExecutionTrace(
                id,
                parent.isValid() ? Optional.of(parent.getSpanId()) : Optional.empty(),
                sampled,
                parent.isValid() ? came.tracestate().orElse("") : "");
    }
}
