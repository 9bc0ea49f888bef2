package io.stepstream.load.server;

import io.stepstream.gateway.Gateway;
import io.stepstream.gateway.GatewaySettings;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.tracing.TraceSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A gateway under load. */
public final class GatewayProcess {
    private static final Duration READY_WITHIN = Duration.ofMinutes(1);

    private GatewayProcess() {}

    /** Arguments: bootstrap servers, registry, the engine's folder, its query API. */
    public static void main(String[] args) throws Exception {
        var gateway = Gateway.start(new GatewaySettings(
                        args[0],
                        URI.create(args[1]),
                        TokenKeys.loadOrCreate(Path.of(args[2]).resolve("token-keys")),
                        EngineProcess.SECRET,
                        List.of(URI.create(args[3])),
                        0,
                        "gateway",
                        Map.of())
                .with(TraceSettings.ofProcess()));
        gateway.awaitReady(READY_WITHIN);
        System.out.println("ready " + gateway.uri());
    }
}
