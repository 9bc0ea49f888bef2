package io.stepstream.orchestrator.engine;

import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.asl.execution.WaitRow;
import io.stepstream.orchestrator.rows.PackedExecution.Chain;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One step while it is made: what goes into it besides the rows, and what it asked for on the way; all of it is recorded.
 *
 * @param id the executionId
 * @param rows the rows before the step
 * @param chain the end of the execution's chain before the step
 * @param minted the tokens made in this step, by ticket
 * @param unregistered the task names asked about that are not registered
 */
record StepRun(
        String id,
        ExecutionIdentity identity,
        ExecutionRows rows,
        Command command,
        Chain chain,
        Instant now,
        String binding,
        long seed,
        Map<Long, String> minted,
        Set<String> unregistered) {

    static StepRun of(
            String id, ExecutionIdentity identity, ExecutionRows rows, Command command, Origin origin, Instant wall) {
        var chain = rows.chain();
        var now = Stream.of(wall, origin.appended(), chain.at())
                .max(Instant::compareTo)
                .orElse(wall);
        var binding = Hashes.binding(chain.hash(), origin.bytes().get(), now);
        var seed = Hashes.seed(id, chain.step() + 1, binding);
        return new StepRun(
                id, identity, rows, command, chain, now, binding, seed, new LinkedHashMap<>(), new LinkedHashSet<>());
    }

    /** When the wait of this ticket ends, as it stands before the step: heartbeats, which are not recorded, move it. */
    Optional<Instant> deadlineInForce(long ticket) {
        return rows.waiting(ticket).flatMap(row -> switch (row) {
            case WaitRow.Task task ->
                Stream.concat(task.timeout().stream(), task.heartbeat().map(WaitRow.HeartbeatDue::due).stream())
                        .min(Instant::compareTo);
            case WaitRow.Pause pause -> Optional.of(pause.due());
            case WaitRow.ExecutionDeadline deadline -> Optional.of(deadline.due());
        });
    }
}
