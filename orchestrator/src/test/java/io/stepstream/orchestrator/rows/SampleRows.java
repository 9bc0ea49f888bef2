package io.stepstream.orchestrator.rows;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.ExecutionStatus;
import io.stepstream.asl.execution.Failure;
import io.stepstream.asl.execution.Fate;
import io.stepstream.asl.execution.FramePath;
import io.stepstream.asl.execution.FrameRow;
import io.stepstream.asl.execution.MapBounds;
import io.stepstream.asl.execution.MapProgress;
import io.stepstream.asl.execution.Outcome;
import io.stepstream.asl.execution.Parent;
import io.stepstream.asl.execution.Phase;
import io.stepstream.asl.execution.Verdict;
import io.stepstream.asl.execution.WaitRow;
import io.stepstream.asl.execution.Work;
import io.stepstream.orchestrator.rows.PackedExecution.Chain;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Rows with any content that they can have. */
final class SampleRows {
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    private SampleRows() {}

    static PackedExecution packed(Random random) {
        var row = new ExecutionRow(
                new ExecutionIdentity(
                        text(random), text(random), text(random), text(random), text(random), text(random)),
                text(random),
                time(random),
                random.nextLong(),
                random.nextLong(),
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> work(random))
                        .toList(),
                random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextLong()),
                random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextLong()),
                maybe(random, () -> closing(random)),
                maybe(random, () -> new ExecutionRow.Ended(one(random, ExecutionStatus.values()), time(random))),
                maybe(random, () -> parent(random)),
                new ExecutionRow.Redrives(random.nextInt(9), maybe(random, () -> time(random))),
                maybe(random, () -> new ExecutionRow.Paused(time(random), text(random))),
                random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextLong()),
                maybe(random, () -> new ExecutionRow.Turn(random.nextLong(), random.nextBoolean())));
        return new PackedExecution(
                row,
                maybe(random, () -> frame(random)),
                maybe(random, () -> waiting(random)),
                new Chain(random.nextLong(), random.nextBoolean() ? "" : "00ff" + "ab".repeat(30), time(random)),
                maybe(random, () -> document(random)),
                maybe(random, () -> trace(random)));
    }

    private static ExecutionTrace trace(Random random) {
        return new ExecutionTrace(
                "0af7651916cd43dd8448eb211c80319c",
                maybe(random, () -> "00f067aa0ba902b7"),
                random.nextBoolean(),
                text(random));
    }

    private static Work work(Random random) {
        return switch (random.nextInt(7)) {
            case 4 -> new Work.Wake(path(random));
            case 5 -> new Work.Resume(path(random), random.nextInt(), random.nextLong());
            case 6 -> new Work.Redrive();
            case 0 -> new Work.Run(path(random));
            case 1 -> new Work.Spawn(path(random));
            case 2 -> new Work.Join(path(random), random.nextInt(), random.nextInt(), random.nextInt());
            default -> new Work.Abort(path(random), random.nextInt());
        };
    }

    private static Outcome closing(Random random) {
        var error = maybe(random, () -> text(random));
        var cause = maybe(random, () -> text(random));
        return switch (random.nextInt(3)) {
            case 0 -> new Outcome.Failed(error, cause);
            case 1 -> new Outcome.TimedOut();
            default -> new Outcome.Aborted(error, cause);
        };
    }

    static FrameRow frame(Random random) {
        return new FrameRow(
                path(random),
                text(random),
                document(random),
                random.nextBoolean() ? Map.of() : Map.of("a", document(random), "b", document(random)),
                phase(random),
                random.nextLong(),
                random.nextLong(),
                time(random),
                IntStream.range(0, random.nextInt(3))
                        .mapToObj(i -> random.nextInt())
                        .toList(),
                maybe(random, () -> document(random)));
    }

    private static Phase phase(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> new Phase.Ready();
            case 1 -> new Phase.Retrying();
            case 2 -> new Phase.AwaitingTask(random.nextLong());
            case 3 -> new Phase.Sleeping(random.nextLong());
            case 4 -> new Phase.BackingOff(random.nextLong());
            case 5 -> joining(random);
            case 6 ->
                new Phase.Failing(
                        random.nextInt(),
                        new Failure(
                                maybe(random, () -> text(random)),
                                maybe(random, () -> text(random)),
                                one(random, Failure.Kind.values())),
                        maybe(random, () -> joining(random)));
            case 7 -> new Phase.Aborting(random.nextInt(), maybe(random, () -> new Phase.Mapping(random.nextLong())));
            case 8 -> new Phase.Ended();
            case 9 -> new Phase.Pending(random.nextInt());
            case 10 -> new Phase.Suspended(joining(random));
            default -> new Phase.Halted();
        };
    }

    private static Phase joining(Random random) {
        return new Phase.Joining(
                random.nextInt(), random.nextInt(), random.nextInt(), random.nextInt(), random.nextInt());
    }

    static WaitRow waiting(Random random) {
        return switch (random.nextInt(6)) {
            case 0 ->
                new WaitRow.Task(
                        random.nextLong(),
                        path(random),
                        time(random),
                        text(random),
                        random.nextBoolean(),
                        maybe(random, () -> time(random)),
                        maybe(
                                random,
                                () -> new WaitRow.HeartbeatDue(
                                        time(random), Duration.ofSeconds(random.nextInt(100_000)))),
                        maybe(random, () -> time(random)),
                        maybe(
                                random,
                                () -> new WaitRow.Child(
                                        text(random), one(random, Parent.Interest.values()), random.nextBoolean())),
                        maybe(random, () -> text(random)));
            case 2 -> new WaitRow.AbandonedChild(random.nextLong(), text(random), text(random));
            case 3 ->
                new WaitRow.MapTask(
                        random.nextLong(),
                        path(random),
                        time(random),
                        text(random),
                        random.nextLong(),
                        maybe(random, () -> text(random)));
            case 4 -> mapRun(random);
            case 1 -> new WaitRow.Pause(random.nextLong(), path(random), time(random), time(random));
            default -> new WaitRow.ExecutionDeadline(random.nextLong(), time(random));
        };
    }

    private static WaitRow mapRun(Random random) {
        var numbers = random.ints(15, 0, 1000).toArray();
        return new WaitRow.MapRun(
                random.nextLong(),
                path(random),
                text(random),
                text(random),
                new MapBounds(
                        random.nextInt(1000),
                        maybe(random, random::nextLong),
                        maybe(random, random::nextDouble),
                        maybe(random, random::nextLong),
                        maybe(random, random::nextLong),
                        maybe(random, random::nextLong)),
                new MapProgress(
                        numbers[0],
                        numbers[1],
                        numbers[2],
                        numbers[3],
                        numbers[4],
                        random.nextBoolean(),
                        numbers[5],
                        numbers[6],
                        numbers[7],
                        numbers[8],
                        numbers[9],
                        numbers[10],
                        numbers[11],
                        numbers[12],
                        new MapProgress.Redrive(numbers[13], numbers[14], numbers[0]),
                        new MapProgress.Items(numbers[3], numbers[4], numbers[5], numbers[6])),
                maybe(random, () -> Document.ofTrusted("{\"next\":1}")),
                maybe(random, random::nextLong),
                one(random, new WaitRow.MapStage[] {
                    new WaitRow.MapStage.Running(),
                    new WaitRow.MapStage.Writing(Optional.empty(), Fate.DROPPED),
                    new WaitRow.MapStage.Writing(
                            Optional.of(new Failure(Optional.of("E"), Optional.of("C"), Failure.Kind.ORDINARY)),
                            Fate.KEPT),
                    new WaitRow.MapStage.Aborting(Fate.KEPT),
                    new WaitRow.MapStage.Halted(ExecutionStatus.FAILED),
                    new WaitRow.MapStage.Halted(ExecutionStatus.ABORTED),
                    new WaitRow.MapStage.Failing(
                            new Failure(Optional.of("E"), Optional.empty(), Failure.Kind.ORDINARY), Fate.DROPPED)
                }),
                new ExecutionRow.Redrives(random.nextInt(5), maybe(random, () -> time(random))));
    }

    private static Parent parent(Random random) {
        return new Parent(
                text(random),
                random.nextLong(),
                text(random),
                one(random, Parent.Interest.values()),
                maybe(
                        random,
                        () -> new Parent.MapItem(
                                text(random),
                                random.nextInt(1000),
                                text(random),
                                random.nextInt(9),
                                Optional.empty())));
    }

    static Verdict verdict(Random random) {
        return random.nextBoolean()
                ? new Verdict.Accepted(time(random))
                : new Verdict.Refused(one(random, Verdict.Refusal.values()), text(random));
    }

    static Document document(Random random) {
        return Document.ofTrusted("{\"x\":" + random.nextInt() + ",\"y\":\"" + text(random) + "\"}");
    }

    private static FramePath path(Random random) {
        var path = FramePath.ROOT;
        for (var i = random.nextInt(4); i > 0; i--) {
            path = path.child(random.nextInt(1000));
        }
        return path;
    }

    private static String text(Random random) {
        return one(random, new String[] {"", "a", "naïve — 文字 \uD83D\uDE00", "x".repeat(random.nextInt(300))});
    }

    private static Instant time(Random random) {
        return TIME.plusMillis(random.nextLong(-1_000_000_000_000L, 10_000_000_000_000L));
    }

    private static <T> T one(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static <T> Optional<T> maybe(Random random, Supplier<T> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }
}
