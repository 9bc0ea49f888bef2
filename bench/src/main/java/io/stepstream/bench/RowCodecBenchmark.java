package io.stepstream.bench;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.FramePath;
import io.stepstream.asl.execution.FrameRow;
import io.stepstream.asl.execution.Phase;
import io.stepstream.orchestrator.rows.RowCodec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A frame's row to bytes and back, as every step that waits does it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class RowCodecBenchmark {
    private final FrameRow row = new FrameRow(
            FramePath.ROOT,
            "Charge",
            Machines.ORDER,
            Map.of("attempts", Document.ofTrusted("3")),
            new Phase.AwaitingTask(7),
            5,
            7,
            Instant.EPOCH,
            List.of(1, 0),
            Optional.empty());
    private final byte[] bytes = RowCodec.encode(row);

    @Benchmark
    public byte[] encodeFrame() {
        return RowCodec.encode(row);
    }

    @Benchmark
    public FrameRow decodeFrame() {
        return RowCodec.frame(bytes);
    }
}
