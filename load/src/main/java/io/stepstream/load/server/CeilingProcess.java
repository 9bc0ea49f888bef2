package io.stepstream.load.server;

import io.stepstream.load.Json;
import io.stepstream.load.profile.StepProfile;
import io.stepstream.orchestrator.EngineClients;
import io.stepstream.orchestrator.engine.EngineConfig;
import io.stepstream.orchestrator.engine.FirstOffsets;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;

/** The ceiling under load: what the engine's records cost when nobody thinks about them. */
public final class CeilingProcess {
    private CeilingProcess() {}

    /** Arguments: bootstrap servers, registry, folder, tasks of an execution, then Kafka's settings as name=value; the profile is in the folder. */
    public static void main(String[] args) throws Exception {
        var folder = Path.of(args[2]);
        var profile = Json.read(folder.resolve("profile.json"), StepProfile.class);
        try (var admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
            new FirstOffsets(admin, EngineConfig.APPLICATION_ID).ensure();
        }
        var config = EngineConfig.of(args[0], folder.resolve("state").resolve("engine"), EngineProcess.settings(args));
        var topology = CeilingTopology.build(
                CeilingScript.of(profile, Integer.parseInt(args[3]), new HttpSchemaRegistry(URI.create(args[1]))));
        var streams = new KafkaStreams(topology, config, new EngineClients());
        var running = new CountDownLatch(1);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
                running.countDown();
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
        streams.start();
        running.await();
        System.out.println("settings " + Json.line(RunSettings.of(config)));
        System.out.println("ready -");
    }
}
