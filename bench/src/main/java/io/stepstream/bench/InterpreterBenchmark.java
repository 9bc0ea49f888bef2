package io.stepstream.bench;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.rehearsal.Ending;
import io.stepstream.asl.rehearsal.Rehearsal;
import io.stepstream.asl.rehearsal.Reply;
import io.stepstream.asl.rehearsal.Setting;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whole executions in memory. An operation is one state entered and left; a Task is two steps of the interpreter,
 * the others share a step by the hundred, and a Map's iterations by the sixteen.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class InterpreterBenchmark {
    private final StateMachine passChain = Machines.passChain();
    private final StateMachine taskChain = Machines.taskChain();
    private final StateMachine choices = Machines.choices();
    private final StateMachine jsonataChain = Machines.jsonataChain();
    private final StateMachine map = Machines.map();

    @Benchmark
    @OperationsPerInvocation(Machines.CHAIN)
    public Ending pass() {
        return play(passChain, Machines.ORDER);
    }

    @Benchmark
    @OperationsPerInvocation(Machines.CHAIN)
    public Ending task() {
        return play(taskChain, Machines.ORDER);
    }

    @Benchmark
    @OperationsPerInvocation(Machines.CHAIN)
    public Ending choice() {
        return play(choices, Machines.ORDER);
    }

    @Benchmark
    @OperationsPerInvocation(Machines.CHAIN)
    public Ending jsonata() {
        return play(jsonataChain, Machines.ORDER);
    }

    /** An operation is an iteration: begun, its one state entered and left, joined. */
    @Benchmark
    @OperationsPerInvocation(Machines.ITEMS)
    public Ending map() {
        return play(map, Machines.NUMBERS);
    }

    private static Ending play(StateMachine machine, Document input) {
        var setting = Setting.of("machine", WorkflowType.STANDARD, Instant.EPOCH, 1);
        return new Rehearsal(machine, setting, InterpreterBenchmark::answer, (_, _, _) -> {})
                .play(Document.ofTrusted(input.text()));
    }

    private static List<Reply> answer(Effect.RequestTask request) {
        return List.of(Reply.complete(Document.ofTrusted("{\"price\":12.5}")));
    }
}
