package io.stepstream.orchestrator.rows;

import io.stepstream.asl.execution.FramePath;
import io.stepstream.asl.execution.Parent;
import io.stepstream.asl.execution.WaitRow;
import io.stepstream.orchestrator.rows.avro.AbandonedChildWait;
import io.stepstream.orchestrator.rows.avro.ChildWait;
import io.stepstream.orchestrator.rows.avro.ExecutionDeadlineWait;
import io.stepstream.orchestrator.rows.avro.HeartbeatWait;
import io.stepstream.orchestrator.rows.avro.MapRunWait;
import io.stepstream.orchestrator.rows.avro.MapTaskWait;
import io.stepstream.orchestrator.rows.avro.PauseWait;
import io.stepstream.orchestrator.rows.avro.TaskWait;
import io.stepstream.orchestrator.rows.avro.Wait;
import java.time.Duration;
import java.util.Optional;

/** Waits as their Avro records, and back; a Map run's is {@link MapRunCodec}'s. */
final class WaitCodec {
    private WaitCodec() {}

    static Wait stored(WaitRow row) {
        Object kind = switch (row) {
            case WaitRow.Task task ->
                new TaskWait(
                        task.path().text(),
                        task.binding(),
                        task.started(),
                        task.timeout().orElse(null),
                        task.heartbeat()
                                .map(heartbeat -> new HeartbeatWait(
                                        heartbeat.due(), heartbeat.interval().toMillis()))
                                .orElse(null),
                        task.timer().orElse(null),
                        task.child()
                                .map(child -> new ChildWait(
                                        child.executionArn(), child.interest().name(), child.confirmed()))
                                .orElse(null),
                        task.limit().orElse(null),
                        task.asked());
            case WaitRow.AbandonedChild child -> new AbandonedChildWait(child.binding(), child.executionArn());
            case WaitRow.MapRun run -> MapRunCodec.stored(run);
            case WaitRow.MapTask task ->
                new MapTaskWait(
                        task.path().text(),
                        task.binding(),
                        task.run(),
                        task.limit().orElse(null),
                        task.asked());
            case WaitRow.Pause pause -> new PauseWait(pause.path().text(), pause.due(), pause.since());
            case WaitRow.ExecutionDeadline deadline -> new ExecutionDeadlineWait(deadline.due());
        };
        return new Wait(row.ticket(), kind);
    }

    static WaitRow row(Wait stored) {
        var ticket = stored.getTicket();
        return switch (stored.getKind()) {
            case TaskWait task ->
                new WaitRow.Task(
                        ticket,
                        new FramePath(task.getPath()),
                        task.getAsked(),
                        task.getBinding(),
                        task.getStarted(),
                        Optional.ofNullable(task.getTimeout()),
                        RowCodec.optional(
                                task.getHeartbeat(),
                                heartbeat -> new WaitRow.HeartbeatDue(
                                        heartbeat.getDue(), Duration.ofMillis(heartbeat.getIntervalMillis()))),
                        Optional.ofNullable(task.getTimer()),
                        RowCodec.optional(
                                task.getChild(),
                                child -> new WaitRow.Child(
                                        child.getExecutionArn(),
                                        Parent.Interest.valueOf(child.getInterest()),
                                        child.getConfirmed())),
                        Optional.ofNullable(task.getLimit()));
            case AbandonedChildWait child ->
                new WaitRow.AbandonedChild(ticket, child.getBinding(), child.getExecutionArn());
            case MapRunWait run -> MapRunCodec.row(ticket, run);
            case MapTaskWait task ->
                new WaitRow.MapTask(
                        ticket,
                        new FramePath(task.getPath()),
                        task.getAsked(),
                        task.getBinding(),
                        task.getRun(),
                        Optional.ofNullable(task.getLimit()));
            case PauseWait pause ->
                new WaitRow.Pause(ticket, new FramePath(pause.getPath()), pause.getSince(), pause.getDue());
            case ExecutionDeadlineWait deadline -> new WaitRow.ExecutionDeadline(ticket, deadline.getDue());
            default -> throw RowCodec.unknown(stored.getKind());
        };
    }
}
