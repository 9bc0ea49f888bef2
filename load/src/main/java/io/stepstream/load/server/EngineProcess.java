package io.stepstream.load.server;

import io.stepstream.asl.execution.Limits;
import io.stepstream.load.Json;
import io.stepstream.orchestrator.Orchestrator;
import io.stepstream.orchestrator.Orchestrator.Duty;
import io.stepstream.orchestrator.OrchestratorSettings;
import io.stepstream.orchestrator.engine.Sealing;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.tracing.TraceSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An orchestrator under load. */
public final class EngineProcess {
    private static final Duration READY_WITHIN = Duration.ofMinutes(1);
    static final String SECRET = "bench";

    private EngineProcess() {}

    /** Arguments: bootstrap servers, registry, folder, read side or not, then Kafka's settings as name=value. */
    public static void main(String[] args) throws Exception {
        var folder = Path.of(args[2]);
        var orchestrator = Orchestrator.start(
                new OrchestratorSettings(
                                args[0],
                                URI.create(args[1]),
                                folder.resolve("state"),
                                TokenKeys.loadOrCreate(folder.resolve("token-keys")),
                                SECRET,
                                0,
                                Limits.DEFAULT,
                                Sealing.OFF,
                                settings(args))
                        .with(TraceSettings.ofProcess()),
                args[3].equals("read-side") ? Set.of(Duty.READ_SIDE) : Set.of());
        Runtime.getRuntime().addShutdownHook(new Thread(orchestrator::close));
        orchestrator.awaitReady(READY_WITHIN);
        System.out.println("settings " + Json.line(RunSettings.of(orchestrator.engineConfig())));
        System.out.println("ready " + (args[3].equals("read-side") ? orchestrator.api() : "-"));
    }

    static Map<String, String> settings(String[] args) {
        return Arrays.stream(args)
                .skip(4)
                .map(property -> property.split("=", 2))
                .collect(Collectors.toMap(property -> property[0], property -> property[1]));
    }
}
