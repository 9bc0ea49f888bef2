package io.stepstream.audit.show;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.ExecutionStatus;
import io.stepstream.asl.execution.HistoryEventType;
import io.stepstream.asl.execution.WaitRow;
import io.stepstream.audit.records.EventDetails;
import io.stepstream.audit.records.HistoryScan.Entry;
import io.stepstream.audit.records.ShownPayloads;
import io.stepstream.audit.replay.Replayed;
import io.stepstream.audit.replay.Replayer;
import io.stepstream.orchestrator.steps.ExecutionRows;
import io.stepstream.orchestrator.steps.Hashes;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.avro.Event;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.PurgedBy;
import io.stepstream.schemas.avro.Started;
import io.stepstream.schemas.avro.TaskChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/** An execution so far, record by record: what its steps make when they are run again, and what the records tell by themselves. */
final class Course {
    private final String arn;
    private final String id;
    private final Replayer replayer;
    private final Map<Long, Requested> pending = new TreeMap<>();
    private final Map<String, Integer> entered = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private Optional<Snapshot.Place> place = Optional.empty();
    private Optional<Started> start = Optional.empty();
    private Optional<Instant> started = Optional.empty();
    private Optional<JsonNode> input = Optional.empty();
    private Optional<Snapshot.End> end = Optional.empty();
    private ExecutionStatus status = ExecutionStatus.RUNNING;
    private String revision = "";
    private boolean known = true;

    /** A task as its request was recorded. */
    record Requested(TaskChange change, JsonNode input, Instant at) {}

    Course(String arn, Replayer replayer) {
        this.arn = arn;
        this.id = Arns.executionId(arn);
        this.replayer = replayer;
    }

    /** Goes one step further. */
    void add(Entry entry) {
        var stored = entry.record();
        if (place.isEmpty() && stored.getStep() > 1) {
            lose("the log begins at its step " + stored.getStep() + "; what came before is gone by retention");
        }
        var record = known && !(stored.getCommand() instanceof PurgedBy) ? replay(entry) : stored;
        var payloads = ShownPayloads.of(record);
        revision = record.getRevision();
        if (record.getCommand() instanceof PurgedBy purge) {
            notes.add("purged at " + record.getNow() + by(record.getCaller().getPrincipal())
                    + (purge.getReason().isEmpty() ? "" : ": " + ShownPayloads.hidden(purge.getReason())));
        }
        if (record.getCommand() instanceof Started begun && start.isEmpty()) {
            start = Optional.of(begun);
            started = Optional.of(record.getNow());
            input = Optional.of(payloads.get(begun.getInput()));
        }
        record.getTasks().forEach(change -> note(change, record, payloads));
        record.getEvents().forEach(event -> note(event, record, payloads));
        var event = record.getEvents().isEmpty()
                ? place.map(Snapshot.Place::event).orElse(0L)
                : record.getEvents().getLast().getId();
        place = Optional.of(new Snapshot.Place(
                record.getStep(),
                event,
                record.getNow(),
                ((SpecificRecord) record.getCommand()).getSchema().getName()));
    }

    private static String by(String principal) {
        return principal.isEmpty() ? "" : " by " + principal;
    }

    /** Runs a step again; the record of it, opened if that could be done. */
    private HistoryRecord replay(Entry entry) {
        var record = entry.record();
        switch (replayer.run(id, record, replayer.rowsBefore(id, record))) {
            case Replayed.Ran ran -> {
                if (isAsRecorded(ran.made(), ran.opened())) {
                    replayer.keep(
                            ran,
                            Hashes.sha256(entry.stored().value().orElseThrow().get()));
                } else {
                    lose("step " + record.getStep()
                            + " does not give what was recorded when it is run again: see what 'audit verify' says");
                }
                return ran.opened();
            }
            case Replayed.NotRun(var obstacle, var detail) ->
                lose(
                        switch (obstacle) {
                            case SEALED ->
                                "its data are sealed (" + detail + "): shown is what its records tell without them";
                            case PURGED -> "its data have been purged: shown is what its records tell without them";
                            case NO_STEP, OTHER_SEMANTICS, STATE_UNKNOWN ->
                                "step " + record.getStep() + " cannot be run again (" + detail + ")";
                        });
            case Replayed.Impossible(var path, var why) ->
                lose("step " + record.getStep() + " cannot be run again (" + path + ": " + why
                        + "): see what 'audit verify' says");
        }
        return record;
    }

    private static boolean isAsRecorded(HistoryRecord made, HistoryRecord recorded) {
        return made.getEvents().equals(recorded.getEvents())
                && made.getTasks().equals(recorded.getTasks())
                && made.getEffectsDigest().equals(recorded.getEffectsDigest());
    }

    private void lose(String why) {
        known = false;
        notes.add(why);
    }

    private void note(TaskChange change, HistoryRecord record, ShownPayloads payloads) {
        if (change.getChange().equals("REQUESTED")) {
            pending.put(change.getTicket(), new Requested(change, payloads.get(change.getInput()), record.getNow()));
        } else {
            pending.remove(change.getTicket());
        }
    }

    private void note(Event event, HistoryRecord record, ShownPayloads payloads) {
        var type = event.getType();
        if (type.endsWith("StateEntered")) {
            EventDetails.text(event, "name", payloads).ifPresent(state -> entered.merge(state, 1, Integer::sum));
        } else if (type.endsWith("StateExited")) {
            EventDetails.text(event, "name", payloads)
                    .ifPresent(state -> entered.computeIfPresent(state, (_, count) -> count == 1 ? null : count - 1));
        }
        ended(type).ifPresent(how -> {
            status = how;
            pending.clear();
            entered.clear();
            end = Optional.of(new Snapshot.End(
                    record.getNow(),
                    EventDetails.payload(event, "output", payloads),
                    EventDetails.text(event, "error", payloads),
                    EventDetails.text(event, "cause", payloads)));
        });
    }

    private static Optional<ExecutionStatus> ended(String type) {
        if (type.equals(HistoryEventType.EXECUTION_SUCCEEDED.wireName())) {
            return Optional.of(ExecutionStatus.SUCCEEDED);
        } else if (type.equals(HistoryEventType.EXECUTION_FAILED.wireName())) {
            return Optional.of(ExecutionStatus.FAILED);
        } else if (type.equals(HistoryEventType.EXECUTION_TIMED_OUT.wireName())) {
            return Optional.of(ExecutionStatus.TIMED_OUT);
        }
        return type.equals(HistoryEventType.EXECUTION_ABORTED.wireName())
                ? Optional.of(ExecutionStatus.ABORTED)
                : Optional.empty();
    }

    /** After which step this is; absent before the first. */
    Optional<Snapshot.Place> place() {
        return place;
    }

    boolean hasEnded() {
        return end.isPresent();
    }

    /** The execution as it is now. */
    Snapshot snapshot() {
        var rows = known ? Optional.of(replayer.rows(id)) : Optional.<ExecutionRows>empty();
        var view = rows.map(now -> new FrameView(now, pending));
        var running = status == ExecutionStatus.RUNNING;
        var frames = running ? view.flatMap(FrameView::root) : Optional.<Snapshot.Frame>empty();
        return new Snapshot(
                arn,
                start.map(Started::getStateMachineArn).orElse(""),
                revision,
                started,
                start.flatMap(begun -> Optional.ofNullable(begun.getParent())).map(parent -> parent.getExecutionArn()),
                place.orElseThrow(),
                status.name(),
                input,
                end,
                rows.flatMap(now -> now.execution()
                        .map(ExecutionRow::deadline)
                        .flatMap(ticket -> ticket.isPresent() ? now.waiting(ticket.getAsLong()) : Optional.empty())
                        .flatMap(wait -> wait instanceof WaitRow.ExecutionDeadline(var _, var due)
                                ? Optional.of(due)
                                : Optional.empty())),
                frames,
                known ? List.of() : List.copyOf(entered.keySet()),
                frames.isPresent() ? view.orElseThrow().tasks() : tasks(),
                notes);
    }

    /** The tasks by what the records say, where the rows are not known. */
    private List<Snapshot.Task> tasks() {
        return pending.values().stream()
                .map(task -> new Snapshot.Task(
                        task.change().getTicket(),
                        "",
                        task.change().getState(),
                        task.change().getName(),
                        task.input(),
                        task.at(),
                        Optional.empty(),
                        Optional.ofNullable(task.change().getDeadline()),
                        Optional.empty(),
                        Optional.empty()))
                .toList();
    }
}
