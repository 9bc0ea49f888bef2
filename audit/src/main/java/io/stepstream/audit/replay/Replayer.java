package io.stepstream.audit.replay;

import io.stepstream.asl.execution.ExecutionRow;
import io.stepstream.asl.execution.HistoryEventType;
import io.stepstream.asl.execution.RowChange;
import io.stepstream.asl.execution.Step;
import io.stepstream.audit.replay.Replayed.Obstacle;
import io.stepstream.orchestrator.rows.PackedExecution.Chain;
import io.stepstream.orchestrator.steps.ExecutionRows;
import io.stepstream.orchestrator.steps.HistoryRecords;
import io.stepstream.orchestrator.steps.Quarantine;
import io.stepstream.orchestrator.steps.RecordedStep;
import io.stepstream.orchestrator.steps.RowStore;
import io.stepstream.orchestrator.steps.StatusRecords;
import io.stepstream.schemas.BrokenSeal;
import io.stepstream.schemas.KeyLookup;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.avro.Event;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.PurgedBy;
import java.util.List;
import java.util.Optional;

/**
 * Runs recorded steps again, in the order in which they were recorded, each on the rows that the one before it left. The rows are in the
 * store that is given, in the engine's form: after a record, {@link #rows} is the execution's state as the engine had it then, but for
 * heartbeats received since.
 *
 * <p>Used by one thread; two replayers may share a store if no execution is in both.
 */
public final class Replayer {
    private final Interpreters interpreters;
    private final Revisions.Compiler revisions;
    private final RowStore store;
    private final Keys keys;
    private final HistoryRecords records = new HistoryRecords();

    public Replayer(Interpreters interpreters, Revisions revisions, RowStore store) {
        this(interpreters, revisions, store, Keys.NONE);
    }

    /**
     * A replayer that opens what is sealed.
     *
     * @param keys of the executions that are sealed
     */
    public Replayer(Interpreters interpreters, Revisions revisions, RowStore store, Keys keys) {
        this.interpreters = interpreters;
        this.revisions = revisions.compiler();
        this.store = store;
        this.keys = keys;
    }

    /** The rows of an execution after its last record that was run; empty of an execution none of whose was. */
    public ExecutionRows rows(String executionId) {
        return new ExecutionRows(store, executionId);
    }

    /** The rows of an execution as the step of this record found them. */
    public ExecutionRows rowsBefore(String executionId, HistoryRecord record) {
        return new ExecutionRows(store, executionId, record.getDeadlines());
    }

    /**
     * Runs a step again; {@link #keep} then applies what it does, if it is what was recorded.
     *
     * @param before from {@link #rowsBefore}
     */
    public Replayed run(String executionId, HistoryRecord record, ExecutionRows before) {
        if (record.getCommand() instanceof PurgedBy) {
            return new Replayed.NotRun(Obstacle.NO_STEP, "a purge");
        }
        var keyId = SealedRecords.keyId(record);
        if (keyId.isEmpty()) {
            return runOpen(executionId, record, before);
        }
        HistoryRecord opened;
        try {
            switch (keys.find(executionId, keyId.get())) {
                case KeyLookup.Found(var key) -> opened = SealedRecords.open(record, key);
                case KeyLookup.Absent _
                when keys.isKept(executionId) -> throw new BrokenSeal("it names another key than the execution's");
                case KeyLookup.Absent _ -> {
                    return new Replayed.NotRun(Obstacle.PURGED, "its key is destroyed");
                }
                case KeyLookup.Locked(var reason) -> {
                    return new Replayed.NotRun(Obstacle.SEALED, reason);
                }
            }
        } catch (BrokenSeal | IllegalStateException e) {
            return new Replayed.Impossible("$.payloads", "its key does not open it: " + e.getMessage());
        }
        return runOpen(executionId, opened, before);
    }

    private Replayed runOpen(String executionId, HistoryRecord record, ExecutionRows before) {
        var interpretation = interpreters.of(record.getSemantics());
        if (interpretation.isEmpty()) {
            return new Replayed.NotRun(Obstacle.OTHER_SEMANTICS, "semantics " + record.getSemantics());
        }
        if (record.getPayloads().stream().anyMatch(payload -> !(payload.getContent() instanceof String))) {
            return new Replayed.Impossible("$.payloads", "some are sealed, and some are not");
        }
        RecordedStep recorded;
        try {
            var arn = before.execution()
                    .map(ExecutionRow::identity)
                    .or(() -> RecordedStep.starting(record))
                    .map(identity -> identity.stateMachineArn());
            if (arn.isEmpty()) {
                return new Replayed.Impossible("$.command", "the execution was never started");
            }
            var machine = revisions.machine(arn.get(), record.getRevision());
            if (machine.isEmpty()) {
                return new Replayed.Impossible(
                        "$.revision", "there is no such revision of " + arn.get() + " in the topic of definitions");
            }
            recorded = RecordedStep.of(executionId, record, before, machine.get());
        } catch (IllegalArgumentException e) {
            return new Replayed.Impossible("$.command", String.valueOf(e.getMessage()));
        }
        return run(recorded, record, interpretation.get());
    }

    private Replayed run(RecordedStep recorded, HistoryRecord record, Interpreters.Interpretation interpretation) {
        Step step;
        try {
            step = interpretation.step(recorded.run().rows(), recorded.run().command(), recorded.inputs());
        } catch (RuntimeException | StackOverflowError e) {
            var cause = quarantined(record);
            if (cause.isEmpty()) {
                return new Replayed.Impossible("$.command", "the interpreter fails at this step: " + e);
            }
            step = Quarantine.step(recorded.run(), cause.get());
        }
        var made = records.of(recorded.run(), step, record.getSemantics());
        return new Replayed.Ran(recorded, step, made, StatusRecords.of(recorded.run(), step, made.getStep()), record);
    }

    /** The cause that a record tells of which ended an execution because the interpreter failed. */
    private static Optional<String> quarantined(HistoryRecord record) {
        return record.getEvents().stream()
                .filter(event -> event.getType().equals(HistoryEventType.EXECUTION_FAILED.wireName()))
                .filter(event -> detail(event, "error").equals(Optional.of(Quarantine.ERROR)))
                .findFirst()
                .flatMap(event -> detail(event, "cause"));
    }

    private static Optional<String> detail(Event event, String field) {
        return event.getDetails().stream()
                .filter(detail -> detail.getField().equals(field))
                .findFirst()
                .flatMap(detail -> detail.getValue() instanceof String text ? Optional.of(text) : Optional.empty());
    }

    /**
     * Applies a step that was run, so that the next one finds its rows.
     *
     * @param hash hex SHA-256 over the record as it is stored
     */
    public void keep(Replayed.Ran ran, String hash) {
        var run = ran.recorded().run();
        // Verdicts are kept for repeated requests, and those make no record.
        List<RowChange> changes = ran.step().rows().stream()
                .filter(change -> !(change instanceof RowChange.PutAnswered))
                .toList();
        run.rows().apply(changes, new Chain(run.chain().step() + 1, hash, run.now()));
    }
}
