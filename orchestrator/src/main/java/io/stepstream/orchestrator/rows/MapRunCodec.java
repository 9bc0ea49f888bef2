package io.stepstream.orchestrator.rows;

import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.ExecutionStatus;
import io.stepstream.asl.execution.Failure;
import io.stepstream.asl.execution.Fate;
import io.stepstream.asl.execution.FramePath;
import io.stepstream.asl.execution.MapBounds;
import io.stepstream.asl.execution.MapProgress;
import io.stepstream.asl.execution.WaitRow;
import io.stepstream.orchestrator.rows.avro.MapRunFailure;
import io.stepstream.orchestrator.rows.avro.MapRunProgress;
import io.stepstream.orchestrator.rows.avro.MapRunStage;
import io.stepstream.orchestrator.rows.avro.MapRunWait;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The row of a Map run in its stored form, and back. */
final class MapRunCodec {
    private MapRunCodec() {}

    static MapRunWait stored(WaitRow.MapRun run) {
        var bounds = run.bounds();
        return new MapRunWait(
                run.path().text(),
                run.binding(),
                run.arn(),
                bounds.maxConcurrency(),
                bounds.toleratedCount().orElse(null),
                bounds.toleratedPercentage().orElse(null),
                bounds.maxItems().orElse(null),
                bounds.batchItems().orElse(null),
                bounds.batchBytes().orElse(null),
                progress(run.progress()),
                run.cursor().map(RowCodec::data).orElse(null),
                run.asked().orElse(null),
                stage(run.stage()),
                failure(run.stage()),
                run.stage().isKept(),
                run.redrives().count(),
                run.redrives().last().orElse(null));
    }

    private static MapRunProgress progress(MapProgress progress) {
        return new MapRunProgress(
                progress.firstPage(),
                progress.offset(),
                progress.pages(),
                progress.read(),
                progress.taken(),
                progress.complete(),
                progress.started(),
                progress.succeeded(),
                progress.failed(),
                progress.timedOut(),
                progress.aborted(),
                progress.written(),
                progress.writing(),
                progress.parts(),
                progress.redrive().left(),
                progress.redrive().next(),
                progress.items().succeeded(),
                progress.items().failed(),
                progress.items().timedOut(),
                progress.items().aborted(),
                progress.redrive().refused());
    }

    private static MapRunStage stage(WaitRow.MapStage stage) {
        return switch (stage) {
            case WaitRow.MapStage.Running _ -> MapRunStage.RUNNING;
            case WaitRow.MapStage.Writing _ -> MapRunStage.WRITING;
            case WaitRow.MapStage.Failing _ -> MapRunStage.FAILING;
            case WaitRow.MapStage.Aborting _ -> MapRunStage.ABORTING;
            case WaitRow.MapStage.Halted(var how) ->
                how == ExecutionStatus.FAILED ? MapRunStage.HALTED_FAILED : MapRunStage.HALTED_ABORTED;
        };
    }

    private static @Nullable MapRunFailure failure(WaitRow.MapStage stage) {
        var reason = switch (stage) {
            case WaitRow.MapStage.Failing(var failure, var _) -> Optional.of(failure);
            case WaitRow.MapStage.Writing(var failure, var _) -> failure;
            case WaitRow.MapStage.Running _, WaitRow.MapStage.Aborting _, WaitRow.MapStage.Halted _ ->
                Optional.<Failure>empty();
        };
        return reason.map(failure -> new MapRunFailure(
                        failure.error().orElse(null),
                        failure.cause().orElse(null),
                        failure.kind().name()))
                .orElse(null);
    }

    static WaitRow.MapRun row(long ticket, MapRunWait stored) {
        return new WaitRow.MapRun(
                ticket,
                new FramePath(stored.getPath()),
                stored.getBinding(),
                stored.getArn(),
                new MapBounds(
                        stored.getMaxConcurrency(),
                        Optional.ofNullable(stored.getToleratedCount()),
                        Optional.ofNullable(stored.getToleratedPercentage()),
                        Optional.ofNullable(stored.getMaxItems()),
                        Optional.ofNullable(stored.getBatchItems()),
                        Optional.ofNullable(stored.getBatchBytes())),
                progress(stored.getProgress()),
                Optional.ofNullable(stored.getCursor()).map(RowCodec::document),
                Optional.ofNullable(stored.getAsked()),
                stage(stored, stored.getKept() ? Fate.KEPT : Fate.DROPPED),
                new ExecutionRow.Redrives(stored.getRedrives(), Optional.ofNullable(stored.getRedrivenAt())));
    }

    private static MapProgress progress(MapRunProgress stored) {
        return new MapProgress(
                stored.getFirstPage(),
                stored.getOffset(),
                stored.getPages(),
                stored.getRead(),
                stored.getTaken(),
                stored.getComplete(),
                stored.getStarted(),
                stored.getSucceeded(),
                stored.getFailed(),
                stored.getTimedOut(),
                stored.getAborted(),
                stored.getWritten(),
                stored.getWriting(),
                stored.getParts(),
                new MapProgress.Redrive(stored.getToRedrive(), stored.getNextRedrive(), stored.getRefusedRedrives()),
                new MapProgress.Items(
                        stored.getItemsSucceeded(),
                        stored.getItemsFailed(),
                        stored.getItemsTimedOut(),
                        stored.getItemsAborted()));
    }

    private static WaitRow.MapStage stage(MapRunWait stored, Fate fate) {
        var failure = stored.getFailure();
        return switch (stored.getStage()) {
            case RUNNING -> new WaitRow.MapStage.Running();
            case WRITING ->
                new WaitRow.MapStage.Writing(failure == null ? Optional.empty() : Optional.of(failure(failure)), fate);
            case ABORTING -> new WaitRow.MapStage.Aborting(fate);
            case FAILING -> new WaitRow.MapStage.Failing(failure(failure), fate);
            case HALTED_FAILED -> new WaitRow.MapStage.Halted(ExecutionStatus.FAILED);
            case HALTED_ABORTED -> new WaitRow.MapStage.Halted(ExecutionStatus.ABORTED);
        };
    }

    private static Failure failure(@Nullable MapRunFailure stored) {
        if (stored == null) {
            throw new IllegalStateException("a Map run fails, and its row does not say with what");
        }
        return new Failure(
                Optional.ofNullable(stored.getError()),
                Optional.ofNullable(stored.getCause()),
                Failure.Kind.valueOf(stored.getKind()));
    }
}
