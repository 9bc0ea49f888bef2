package io.stepstream.audit.show;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.FramePath;
import io.stepstream.asl.execution.FrameRow;
import io.stepstream.asl.execution.Phase;
import io.stepstream.asl.execution.WaitRow;
import io.stepstream.audit.records.ShownPayloads;
import io.stepstream.orchestrator.steps.ExecutionRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The frames of an execution out of its rows, found from the root down. */
final class FrameView {
    /** Children of one frame that are shown; a Map may have any number. */
    private static final int CHILDREN = 100;

    private final ExecutionRows rows;
    private final Map<Long, Course.Requested> requested;
    private final Map<Long, Snapshot.Task> tasks = new TreeMap<>();

    FrameView(ExecutionRows rows, Map<Long, Course.Requested> requested) {
        this.rows = rows;
        this.requested = requested;
    }

    Optional<Snapshot.Frame> root() {
        return rows.frame(FramePath.ROOT).map(this::frame);
    }

    /** The tasks of the frames that have been looked at, by ticket. */
    List<Snapshot.Task> tasks() {
        return List.copyOf(tasks.values());
    }

    private Snapshot.Frame frame(FrameRow row) {
        var children = new ArrayList<Snapshot.Frame>();
        var more = 0;
        var upTo = childrenWithRows(row.phase());
        for (var index = 0; index < upTo; index++) {
            var child = rows.frame(row.path().child(index));
            if (child.isPresent() && children.size() < CHILDREN) {
                children.add(frame(child.get()));
            } else if (child.isPresent()) {
                more++;
            }
        }
        var data = rows.stateInput(row.path()).orElse(row.data());
        return new Snapshot.Frame(
                row.path().text(),
                row.state(),
                phase(row.phase()),
                row.enteredEventId() == 0 ? Optional.empty() : Optional.of(row.entered()),
                shown(data),
                variables(row),
                row.retries(),
                row.item().map(FrameView::shown),
                wait(row),
                children,
                more);
    }

    private static int childrenWithRows(Phase phase) {
        return switch (phase) {
            case Phase.Joining joining -> joining.started();
            case Phase.Failing failing -> failing.children();
            case Phase.Aborting aborting -> aborting.children();
            case Phase.Suspended(Phase.Joining joining) -> joining.started();
            case Phase.Ready _,
                    Phase.Retrying _,
                    Phase.AwaitingTask _,
                    Phase.Sleeping _,
                    Phase.BackingOff _,
                    Phase.Mapping _,
                    Phase.Pending _,
                    Phase.Ended _,
                    Phase.Halted _,
                    Phase.Suspended _ -> 0;
        };
    }

    private static String phase(Phase phase) {
        return switch (phase) {
            case Phase.Ready _ -> "ready";
            case Phase.Retrying _ -> "retrying";
            case Phase.AwaitingTask _ -> "awaiting task";
            case Phase.Sleeping _ -> "sleeping";
            case Phase.BackingOff _ -> "backing off";
            case Phase.Joining _ -> "joining children";
            case Phase.Mapping _ -> "running a Map";
            case Phase.Failing failing -> "failing with " + failing.failure().error();
            case Phase.Aborting _ -> "aborting";
            case Phase.Pending _ -> "to come";
            case Phase.Ended _ -> "ended";
            case Phase.Halted _ -> "halted";
            case Phase.Suspended _ -> "halted, and children with it";
        };
    }

    private Optional<Snapshot.Wait> wait(FrameRow row) {
        return switch (row.phase()) {
            case Phase.AwaitingTask(var ticket) -> rows.waiting(ticket).map(wait -> task(ticket, row, wait));
            case Phase.Sleeping(var ticket) -> until(ticket);
            case Phase.BackingOff(var ticket) -> until(ticket);
            case Phase.Joining joining ->
                Optional.of(new Snapshot.Wait.ForChildren(joining.total(), joining.started(), joining.ended()));
            case Phase.Mapping(var ticket) ->
                rows.waiting(ticket)
                        .flatMap(wait -> wait instanceof WaitRow.MapRun run
                                ? Optional.of(new Snapshot.Wait.ForMapRun(ticket, mapRun(run, row)))
                                : Optional.empty());
            case Phase.Ready _,
                    Phase.Retrying _,
                    Phase.Failing _,
                    Phase.Aborting _,
                    Phase.Pending _,
                    Phase.Ended _,
                    Phase.Halted _,
                    Phase.Suspended _ -> Optional.empty();
        };
    }

    private Optional<Snapshot.Wait> until(long ticket) {
        return rows.waiting(ticket)
                .flatMap(wait -> wait instanceof WaitRow.Pause pause
                        ? Optional.of(new Snapshot.Wait.Until(ticket, pause.due()))
                        : Optional.empty());
    }

    private Snapshot.Wait task(long ticket, FrameRow row, WaitRow wait) {
        if (wait instanceof WaitRow.Task task) {
            tasks.put(
                    ticket,
                    task(
                            ticket,
                            row,
                            Optional.of(task.started()),
                            task.timeout(),
                            task.heartbeat().map(WaitRow.HeartbeatDue::due),
                            task.child().map(child -> new Snapshot.Child(child.executionArn(), child.confirmed()))));
        }
        return new Snapshot.Wait.ForTask(ticket);
    }

    private Snapshot.Task task(
            long ticket,
            FrameRow row,
            Optional<Boolean> started,
            Optional<Instant> timeout,
            Optional<Instant> heartbeat,
            Optional<Snapshot.Child> child) {
        var request = Optional.ofNullable(requested.get(ticket));
        return new Snapshot.Task(
                ticket,
                row.path().text(),
                row.state(),
                request.map(task -> task.change().getName()).orElse(""),
                request.map(Course.Requested::input).orElseGet(JsonNodeFactory.instance::nullNode),
                request.map(Course.Requested::at).orElse(row.entered()),
                started,
                timeout,
                heartbeat,
                child);
    }

    private Snapshot.MapRun mapRun(WaitRow.MapRun run, FrameRow row) {
        run.asked()
                .ifPresent(ticket -> tasks.put(
                        ticket,
                        task(ticket, row, Optional.of(true), Optional.empty(), Optional.empty(), Optional.empty())));
        var progress = run.progress();
        return new Snapshot.MapRun(
                run.arn(),
                switch (run.stage()) {
                    case WaitRow.MapStage.Running _ -> "running";
                    case WaitRow.MapStage.Writing _ -> "writing results";
                    case WaitRow.MapStage.Failing _ -> "failing";
                    case WaitRow.MapStage.Aborting _ -> "aborting";
                    case WaitRow.MapStage.Halted _ -> "halted";
                },
                progress.read(),
                progress.started(),
                progress.running(),
                progress.succeeded(),
                progress.failed(),
                progress.timedOut(),
                progress.aborted());
    }

    private static Map<String, JsonNode> variables(FrameRow row) {
        var shown = new TreeMap<String, JsonNode>();
        row.variables().forEach((name, value) -> shown.put(name, shown(value)));
        return shown;
    }

    private static JsonNode shown(Document document) {
        return ShownPayloads.json(document.text());
    }
}
