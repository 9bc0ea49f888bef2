package io.stepstream.chaos.check;

import io.stepstream.chaos.world.Template;
import io.stepstream.orchestrator.engine.EngineTopology;
import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.Arns;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;

/** Strikes once, when one has its turn at a limit of one, and two more wait. */
abstract class AtTheLimit implements Bug {
    static final String ID = Arns.executionId(Template.THREE_TASKS.arn());
    private boolean struck;

    /**
     * Strikes.
     *
     * @param running the rows of those that have their turn
     * @param queue the rows of those that wait, in order
     */
    abstract void strike(SimulatedWorld world, List<Bytes> running, List<Bytes> queue);

    @Override
    public void between(SimulatedWorld world) {
        var rows = world.store(EngineTopology.ROWS);
        var running = rows(world, 'T').stream()
                .filter(key -> OtherRows.turn(rows.get(key)).getPlace() == null)
                .toList();
        var queue = rows(world, 'Q');
        if (!struck && !running.isEmpty() && queue.size() >= 2) {
            struck = true;
            strike(world, running, queue);
        }
    }

    private static List<Bytes> rows(SimulatedWorld world, char kind) {
        var prefix = RowKeys.all(ID);
        return world.keys(EngineTopology.ROWS, prefix).stream()
                .filter(key -> key.get()[prefix.get().length] == kind)
                .toList();
    }
}
