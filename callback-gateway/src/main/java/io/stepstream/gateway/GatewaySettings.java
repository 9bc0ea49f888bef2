package io.stepstream.gateway;

import io.stepstream.gateway.engine.TaskNamePolicy;
import io.stepstream.gateway.limits.HttpLimitSettings;
import io.stepstream.gateway.limits.TrustedProxies;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.settings.Key;
import io.stepstream.settings.Settings;
import io.stepstream.tracing.TraceSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a gateway must be told.
 *
 * @param bootstrapServers Kafka's, as {@code host:port}, comma-separated
 * @param registry base address of the schema registry
 * @param tokenKeys the keys that task tokens are signed with; the engine's
 * @param apiSecret the orchestrators' query API asks for it
 * @param orchestrators base addresses of the orchestrators' query APIs
 * @param port 0 for a free one
 * @param instanceId names this instance among all gateways, and keeps its name over a restart
 * @param kafka settings for every Kafka client, such as those of security
 * @param arns where resources are said to be
 * @param edge how it meets the network
 * @param taskNames what becomes of task names in a definition that nobody has registered
 * @param traces where spans of requests go, if anywhere
 */
public record GatewaySettings(
        String bootstrapServers,
        URI registry,
        TokenKeys tokenKeys,
        String apiSecret,
        List<URI> orchestrators,
        int port,
        String instanceId,
        Map<String, String> kafka,
        Arns arns,
        EdgeSettings edge,
        TaskNamePolicy taskNames,
        TraceSettings traces) {

    /** A gateway that registers the task names of definitions. */
    public GatewaySettings(
            String bootstrapServers,
            URI registry,
            TokenKeys tokenKeys,
            String apiSecret,
            List<URI> orchestrators,
            int port,
            String instanceId,
            Map<String, String> kafka,
            Arns arns,
            EdgeSettings edge) {
        this(
                bootstrapServers,
                registry,
                tokenKeys,
                apiSecret,
                orchestrators,
                port,
                instanceId,
                kafka,
                arns,
                edge,
                TaskNamePolicy.REGISTER,
                TraceSettings.OFF);
    }

    /** The same gateway, with spans. */
    public GatewaySettings with(TraceSettings other) {
        return new GatewaySettings(
                bootstrapServers,
                registry,
                tokenKeys,
                apiSecret,
                orchestrators,
                port,
                instanceId,
                kafka,
                arns,
                edge,
                taskNames,
                other);
    }

    /** A gateway for this machine only, open to everybody on it, with resources where they usually are. */
    public GatewaySettings(
            String bootstrapServers,
            URI registry,
            TokenKeys tokenKeys,
            String apiSecret,
            List<URI> orchestrators,
            int port,
            String instanceId,
            Map<String, String> kafka) {
        this(
                bootstrapServers,
                registry,
                tokenKeys,
                apiSecret,
                orchestrators,
                port,
                instanceId,
                kafka,
                Arns.DEFAULT,
                EdgeSettings.LOOPBACK);
    }

    /**
     * The settings that a process is given.
     *
     * @throws IllegalArgumentException if one is missing, or two do not go together
     * @throws IOException if the file of token keys cannot be read
     */
    public static GatewaySettings of(Settings given) throws IOException {
        var secrets = given.text(Key.TOKEN_SECRETS);
        return new GatewaySettings(
                given.required(Key.BOOTSTRAP_SERVERS),
                given.address(Key.REGISTRY),
                secrets.isPresent()
                        ? TokenKeys.ofText(secrets.get(), Key.TOKEN_SECRETS.property())
                        : TokenKeys.loadOrCreate(Path.of(given.required(Key.TOKEN_KEYS))),
                given.required(Key.API_SECRET),
                given.addresses(Key.ORCHESTRATORS),
                given.number(Key.GATEWAY_PORT),
                given.required(Key.GATEWAY_INSTANCE),
                given.family(Key.KAFKA),
                new Arns(
                        given.required(Key.ARN_PARTITION),
                        given.required(Key.ARN_REGION),
                        given.required(Key.ARN_ACCOUNT)),
                edge(given),
                TaskNamePolicy.valueOf(given.required(Key.GATEWAY_TASK_NAMES).toUpperCase(Locale.ROOT)),
                TraceSettings.of(given));
    }

    private static EdgeSettings edge(Settings given) {
        var certificate = given.path(Key.GATEWAY_TLS_CERTIFICATE);
        var key = given.path(Key.GATEWAY_TLS_KEY);
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException(Key.GATEWAY_TLS_CERTIFICATE.property() + " and "
                    + Key.GATEWAY_TLS_KEY.property() + " go together; give both, or none");
        }
        return new EdgeSettings(
                given.required(Key.GATEWAY_HOST),
                given.path(Key.GATEWAY_CREDENTIALS),
                certificate.map(file -> new EdgeSettings.TlsFiles(file, key.orElseThrow())),
                HttpLimitSettings.read(given.family(Key.GATEWAY_LIMITS)),
                TrustedProxies.of(given.list(Key.GATEWAY_TRUSTED_PROXIES)),
                given.text(Key.MANAGEMENT_PORT)
                        .map(port ->
                                new EdgeSettings.Place(given.required(Key.MANAGEMENT_HOST), Integer.parseInt(port))));
    }

    public GatewaySettings {
        if (orchestrators.isEmpty()) {
            throw new IllegalArgumentException("orchestrators: at least one base address of a query API is needed");
        }
        if (instanceId.isBlank()) {
            throw new IllegalArgumentException("instanceId: a name that no other gateway has is needed; it is blank");
        }
        orchestrators = List.copyOf(orchestrators);
        kafka = Map.copyOf(kafka);
    }

    /** Without its secrets. */
    @Override
    public String toString() {
        return "GatewaySettings[%s, %s, %s, port %d, %s]"
                .formatted(bootstrapServers, registry, orchestrators, port, instanceId);
    }
}
