package io.stepstream.chaos.check;

import io.stepstream.chaos.world.Template;
import io.stepstream.orchestrator.engine.EngineTopology;
import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.rows.avro.PauseMark;
import io.stepstream.schemas.Arns;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/** Strikes once, when a state machine is paused and executions wait for its resume. */
abstract class WhileHeld implements Bug {
    private boolean struck;

    /**
     * Strikes.
     *
     * @param held the rows of those that wait
     */
    abstract void strike(SimulatedWorld world, Template template, List<Bytes> held);

    @Override
    public void between(SimulatedWorld world) {
        for (var template : Template.values()) {
            var id = Arns.executionId(template.arn());
            var isPaused = Optional.ofNullable(world.store(EngineTopology.ROWS).get(RowKeys.pauseMark(id)))
                    .map(OtherRows::pauseMark)
                    .filter(PauseMark::getPaused)
                    .isPresent();
            if (!struck && isPaused) {
                var held = world.keys(EngineTopology.ROWS, RowKeys.allHeld(id));
                struck = !held.isEmpty();
                if (struck) {
                    strike(world, template, held);
                }
            }
        }
    }
}
