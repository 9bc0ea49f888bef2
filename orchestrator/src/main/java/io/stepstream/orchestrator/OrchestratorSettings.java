package io.stepstream.orchestrator;

import io.stepstream.asl.execution.Limits;
import io.stepstream.orchestrator.engine.Sealing;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.settings.Key;
import io.stepstream.settings.Settings;
import io.stepstream.tracing.TraceSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
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
 * @param apiHost name or address that the query API listens on and other instances reach it by
 * @param apiPort port of the query API; 0 for any free one
 * @param limits the interpreter's limits
 * @param sealing which executions are sealed, and the master keys
 * @param kafka settings passed to Kafka's clients and to Kafka Streams by their own names
 * @param traces where spans of executions go, if anywhere
 */
public record OrchestratorSettings(
        String bootstrapServers,
        URI registry,
        Path stateDir,
        TokenKeys tokenKeys,
        String apiSecret,
        String apiHost,
        int apiPort,
        Limits limits,
        Sealing sealing,
        Map<String, String> kafka,
        TraceSettings traces) {

    private static final String LOOPBACK = "127.0.0.1";

    public OrchestratorSettings {
        kafka = Map.copyOf(kafka);
    }

    /** With a query API for this machine only, and no spans. */
    public OrchestratorSettings(
            String bootstrapServers,
            URI registry,
            Path stateDir,
            TokenKeys tokenKeys,
            String apiSecret,
            int apiPort,
            Limits limits,
            Sealing sealing,
            Map<String, String> kafka) {
        this(
                bootstrapServers,
                registry,
                stateDir,
                tokenKeys,
                apiSecret,
                LOOPBACK,
                apiPort,
                limits,
                sealing,
                kafka,
                TraceSettings.OFF);
    }

    /** The same, with spans. */
    public OrchestratorSettings with(TraceSettings other) {
        return new OrchestratorSettings(
                bootstrapServers,
                registry,
                stateDir,
                tokenKeys,
                apiSecret,
                apiHost,
                apiPort,
                limits,
                sealing,
                kafka,
                other);
    }

    /**
     * The settings that a process is given.
     *
     * @throws IllegalArgumentException if one is missing, or a limit is unknown or out of its range
     * @throws IOException if a file of keys cannot be read
     */
    public static OrchestratorSettings of(Settings given) throws IOException {
        return new OrchestratorSettings(
                given.required(Key.BOOTSTRAP_SERVERS),
                given.address(Key.REGISTRY),
                Path.of(given.required(Key.STATE_DIR)),
                tokenKeys(given),
                given.required(Key.API_SECRET),
                given.required(Key.API_HOST),
                given.number(Key.API_PORT),
                LimitSettings.read(given.family(Key.LIMITS)),
                sealing(given),
                given.family(Key.KAFKA),
                TraceSettings.of(given));
    }

    private static TokenKeys tokenKeys(Settings given) throws IOException {
        var secrets = given.text(Key.TOKEN_SECRETS);
        return secrets.isPresent()
                ? TokenKeys.ofText(secrets.get(), Key.TOKEN_SECRETS.property())
                : TokenKeys.loadOrCreate(Path.of(given.required(Key.TOKEN_KEYS)));
    }

    /** Master keys are never made here, as token keys are: an instance with keys of its own could seal what no other can open. */
    private static Sealing sealing(Settings given) throws IOException {
        var file = given.path(Key.MASTER_KEYS);
        var keys = file.isPresent()
                ? MasterKeys.parse(Files.readAllLines(file.get()), file.get().toString())
                : MasterKeys.none();
        return new Sealing(keys, given.list(Key.SEALED_STATE_MACHINES));
    }

    @Override
    public String toString() {
        return "OrchestratorSettings[" + bootstrapServers + ", " + registry + ", " + stateDir + ", " + tokenKeys
                + ", apiSecret=***, " + apiHost + ":" + apiPort + ", " + limits + ", " + sealing + ", " + kafka.keySet()
                + ", " + traces + ']';
    }
}
