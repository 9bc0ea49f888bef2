package io.stepstream.audit.show;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.audit.records.ExecutionNames;
import io.stepstream.audit.show.Tree.Node;
import io.stepstream.schemas.Secrets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A snapshot as a tree for a terminal. */
public final class SnapshotTree {
    private final Snapshot snapshot;
    private final Map<Long, Snapshot.Task> tasks = new HashMap<>();

    private SnapshotTree(Snapshot snapshot) {
        this.snapshot = snapshot;
        snapshot.tasks().forEach(task -> tasks.put(task.ticket(), task));
    }

    /**
     * The lines of the tree.
     *
     * @param width characters of a line, at most; of data only the beginning is shown
     */
    public static List<String> lines(Snapshot snapshot, int width, Tree.Colours colours) {
        return Tree.lines(new SnapshotTree(snapshot).root(), width, colours);
    }

    private Node root() {
        var place = snapshot.place();
        var nodes = new ArrayList<Node>();
        nodes.add(Node.text(
                "as of", place.at() + ", step " + place.step() + " (" + place.command() + "), event " + place.event()));
        nodes.add(Node.text("arn", snapshot.executionArn()));
        if (!snapshot.revision().isEmpty()) {
            nodes.add(Node.text("revision", snapshot.revision()));
        }
        snapshot.started().ifPresent(at -> nodes.add(Node.text("started", at.toString())));
        snapshot.startedBy().ifPresent(arn -> nodes.add(Node.text("started by", arn)));
        snapshot.deadline().ifPresent(due -> nodes.add(Node.text("times out", due.toString())));
        snapshot.input().ifPresent(input -> nodes.add(data("input", input)));
        snapshot.end().ifPresent(end -> nodes.addAll(end(end)));
        if (!snapshot.inStates().isEmpty()) {
            nodes.add(Node.text("in states", String.join(", ", snapshot.inStates())));
        }
        snapshot.frames().ifPresent(root -> nodes.add(frame(root)));
        // Those that no frame names are known by their records alone.
        tasks.values().stream()
                .sorted((a, b) -> Long.compare(a.ticket(), b.ticket()))
                .toList()
                .forEach(task -> nodes.add(task(task)));
        snapshot.notes().forEach(note -> nodes.add(Node.warning("note", note)));
        return Node.of(
                ExecutionNames.stateMachine(snapshot.executionArn()) + " / "
                        + ExecutionNames.name(snapshot.executionArn()),
                Tree.Tone.ofStatus(snapshot.status()),
                snapshot.status(),
                nodes);
    }

    private static List<Node> end(Snapshot.End end) {
        var nodes = new ArrayList<Node>();
        nodes.add(Node.text("ended", end.at().toString()));
        end.output().ifPresent(output -> nodes.add(data("output", output)));
        end.error().ifPresent(error -> nodes.add(Node.warning("error", error)));
        end.cause().ifPresent(cause -> nodes.add(Node.warning("cause", cause)));
        return nodes;
    }

    private Node frame(Snapshot.Frame frame) {
        var nodes = new ArrayList<Node>();
        frame.entered().ifPresent(at -> nodes.add(Node.text("entered", at.toString())));
        frame.item().ifPresent(item -> nodes.add(data("item", item)));
        if (!frame.data().isNull()) {
            nodes.add(data(frame.phase().equals("ended") ? "result" : "data", frame.data()));
        }
        if (!frame.variables().isEmpty()) {
            nodes.add(Node.of(
                    "variables",
                    Tree.Tone.LABEL,
                    "",
                    frame.variables().entrySet().stream()
                            .map(variable -> data("$" + variable.getKey(), variable.getValue()))
                            .toList()));
        }
        if (frame.retries().stream().anyMatch(used -> used > 0)) {
            nodes.add(Node.text(
                    "retries",
                    frame.retries().stream().map(String::valueOf).collect(Collectors.joining(", "))
                            + (frame.retries().size() == 1 ? "" : " of the state's retriers")));
        }
        frame.waitsFor().ifPresent(wait -> wait(wait).ifPresent(nodes::add));
        frame.children().forEach(child -> nodes.add(frame(child)));
        if (frame.moreChildren() > 0) {
            nodes.add(Node.text("…", frame.moreChildren() + " more children"));
        }
        return Node.of(frame.path() + " " + frame.state(), Tree.Tone.FRAME, frame.phase(), nodes);
    }

    private Optional<Node> wait(Snapshot.Wait wait) {
        return switch (wait) {
            case Snapshot.Wait.ForTask(var ticket) ->
                Optional.ofNullable(tasks.remove(ticket)).map(SnapshotTree::task);
            case Snapshot.Wait.Until(var _, var due) -> Optional.of(Node.text("until", due.toString()));
            case Snapshot.Wait.ForChildren(var total, var started, var ended) ->
                Optional.of(
                        Node.text("children", ended + " of " + total + " have ended, " + (started - ended) + " run"));
            case Snapshot.Wait.ForMapRun(var _, var run) -> Optional.of(mapRun(run));
        };
    }

    private static Node mapRun(Snapshot.MapRun run) {
        return Node.of(
                "map run",
                Tree.Tone.LABEL,
                run.stage(),
                List.of(
                        Node.text("arn", run.arn()),
                        Node.text("items", run.items() + " read"),
                        Node.text(
                                "children",
                                run.started() + " started: " + run.running() + " run, " + run.succeeded()
                                        + " succeeded, " + run.failed() + " failed, " + run.timedOut()
                                        + " timed out, " + run.aborted() + " aborted")));
    }

    private static Node task(Snapshot.Task task) {
        var nodes = new ArrayList<Node>();
        nodes.add(Node.text("state", task.state()));
        nodes.add(Node.text("token", Secrets.HIDDEN));
        nodes.add(Node.text("requested", task.requested().toString()));
        task.started()
                .filter(started -> !started)
                .ifPresent(_ -> nodes.add(Node.text("worker", "none has taken it yet")));
        task.timeout().ifPresent(at -> nodes.add(Node.text("timeout", at.toString())));
        task.heartbeat().ifPresent(at -> nodes.add(Node.text("heartbeat", "due " + at)));
        task.child()
                .ifPresent(child -> nodes.add(Node.text(
                        "child", child.executionArn() + (child.confirmed() ? "" : " (not known to have started)"))));
        if (!task.input().isNull()) {
            nodes.add(data("input", task.input()));
        }
        return Node.of("task #" + task.ticket(), Tree.Tone.FRAME, task.name(), nodes);
    }

    private static Node data(String label, JsonNode value) {
        return Node.cut(label, value.toString());
    }
}
