package io.stepstream.audit.whatif;

import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.asl.execution.ExecutionIdentity.Kind;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.records.HistorySelection;
import io.stepstream.audit.records.LogKeys;
import io.stepstream.audit.replay.Revisions;
import io.stepstream.audit.replay.RowDisk;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.avro.Started;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Runs the recorded executions of a state machine against another definition. */
public final class WhatIf {
    private static final long MEMORY = 96L << 20;

    private WhatIf() {}

    /**
     * Tries the executions that were started in the time of the selection, which names their state machine.
     *
     * @param masterKeys to open those with that are sealed
     * @param most how many to try, about
     */
    public static Findings run(
            LogSource log, Optional<MasterKeys> masterKeys, HistorySelection selection, String definition, int most) {
        var machines = machines(definition);
        try (var disk = RowDisk.ofThisRun("stepstream-what-if")) {
            var store = new RecordedStore(log, disk, MEMORY);
            store.read(log, selection, most);
            var trial = new Trial(store, Revisions.read(log), LogKeys.read(log, masterKeys, _ -> true), definition);
            var gathering = new Findings.Gathering();
            for (var arn : store.roots()) {
                gathering.add(
                        arn,
                        Optional.ofNullable(machines.get(type(store, arn)))
                                .map(machine -> trial.of(arn, machine))
                                .orElseGet(() -> new Verdict.CannotTell(Verdict.Reason.NOT_ALLOWED, "")));
            }
            return gathering.findings(log.name(), selection.stateMachine().orElse(""), store.leftOut());
        }
    }

    private static Map<WorkflowType, StateMachine> machines(String definition) {
        var machines = new EnumMap<WorkflowType, StateMachine>(WorkflowType.class);
        for (var type : WorkflowType.values()) {
            if (StateMachine.parse(definition, type) instanceof Parsed.Valid valid) {
                machines.put(type, valid.machine());
            }
        }
        return machines;
    }

    private static WorkflowType type(RecordedStore store, String arn) {
        var first = store.step(Arns.executionId(arn), 1).orElseThrow().record();
        if (!(first.getCommand() instanceof Started started)) {
            return WorkflowType.STANDARD;
        }
        return switch (Kind.valueOf(started.getKind())) {
            case STANDARD -> WorkflowType.STANDARD;
            case EXPRESS, EXPRESS_SYNC -> WorkflowType.EXPRESS;
        };
    }
}
