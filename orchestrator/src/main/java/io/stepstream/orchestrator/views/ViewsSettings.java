package io.stepstream.orchestrator.views;

import io.stepstream.asl.execution.Limits;
import io.stepstream.orchestrator.metrics.Meters;
import io.stepstream.schemas.ClientSettings;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.RecordCodec;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the read side needs.
 *
 * @param stateDir folder of the local stores; may be empty or gone, they are then rebuilt
 * @param masterKeys what sealed executions' keys are wrapped under: what they do not open is shown as sealed
 * @param limits those of the engine: they say what can be redriven
 * @param meters counts
 * @param kafka settings of all Kafka clients beyond the broker's address, such as security
 */
public record ViewsSettings(
        String bootstrapServers,
        RecordCodec codec,
        Path stateDir,
        MasterKeys masterKeys,
        Limits limits,
        Meters meters,
        Map<String, String> kafka) {

    Map<String, Object> clients() {
        return ClientSettings.of(bootstrapServers, kafka);
    }
}
