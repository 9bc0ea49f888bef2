package io.stepstream.asl.execution;

/** Changes what Map runs keep to while they go on. */
final class MapRunUpdates {
    private final StepBuilder step;

    MapRunUpdates(StepBuilder step) {
        this.step = step;
    }

    /** Changes a run's bounds; what has been started stays. */
    void update(Command.UpdateMapRun command) {
        var rows = step.rows();
        if (!rows.exists()
                || !(rows.findWait(command.ticket()).orElse(null) instanceof WaitRow.MapRun run)
                || !run.arn().equals(command.runArn())
                || run.stage() instanceof WaitRow.MapStage.Halted) {
            rows.answer(new Verdict.Refused(Verdict.Refusal.RESOURCE_NOT_FOUND, command.runArn()));
            return;
        }
        var most = step.inputs().limits().mapConcurrency();
        var bounds = run.bounds();
        var next = run.with(new MapBounds(
                command.maxConcurrency()
                        .map(asked -> (int) (asked > 0 && asked < most ? asked : most))
                        .orElse(bounds.maxConcurrency()),
                command.toleratedCount().or(bounds::toleratedCount),
                command.toleratedPercentage().or(bounds::toleratedPercentage),
                bounds.maxItems(),
                bounds.batchItems(),
                bounds.batchBytes()));
        rows.put(next);
        rows.answer(new Verdict.Accepted(step.now()));
        if (next.stage() instanceof WaitRow.MapStage.Running && step.isAlive(next.path())) {
            if (next.bounds().exceededBy(next.progress())) {
                step.mapRunEnds().failExceeded(next);
            } else {
                rows.pushOnce(new Work.StartItems(next.path()));
            }
        }
    }
}
