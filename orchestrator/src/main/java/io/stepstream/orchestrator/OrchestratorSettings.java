package io.stepstream.orchestrator;

import io.stepstream.asl.execution.Limits;
import io.stepstream.orchestrator.engine.Sealing;
import io.stepstream.schemas.TokenKeys;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * The settings of an orchestrator.
 *
 * @param bootstrapServers Kafka's brokers, {@code host:port} separated by commas
 * @param registry base address of the schema registry's Confluent API
 * @param stateDir folder for state stores; may be lost, they are restored from Kafka
 * @param tokenKeys the keys of task tokens: those that the gateways have
 * @param apiSecret what a caller of the query API must show
 * @param apiPort port of the query API on the loopback address; 0 for any free one
 * @param limits the interpreter's limits
 * @param sealing which executions are sealed, and the master keys
 * @param kafka settings passed to Kafka's clients and to Kafka Streams by their own names
 */
public record OrchestratorSettings(
        String bootstrapServers,
        URI registry,
        Path stateDir,
        TokenKeys tokenKeys,
        String apiSecret,
        int apiPort,
        Limits limits,
        Sealing sealing,
        Map<String, String> kafka) {

    public OrchestratorSettings {
        kafka = Map.copyOf(kafka);
    }

    @Override
    public String toString() {
        return "OrchestratorSettings[" + bootstrapServers + ", " + registry + ", " + stateDir + ", " + tokenKeys
                + ", apiSecret=***, " + apiPort + ", " + limits + ", " + sealing + ", " + kafka.keySet() + ']';
    }
}
