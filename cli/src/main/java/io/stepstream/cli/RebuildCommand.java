package io.stepstream.cli;

import io.stepstream.asl.execution.Limits;
import io.stepstream.cli.dev.Trouble;
import io.stepstream.orchestrator.metrics.Meters;
import io.stepstream.orchestrator.views.ViewsRebuild;
import io.stepstream.orchestrator.views.ViewsSettings;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code stepstream views rebuild}: builds the read side anew from the log, and drops the old one. */
@Command(
        name = "rebuild",
        description =
                "Builds the read side anew from the log, beside the one that answers; then switches, and drops the old"
                        + " one.",
        mixinStandardHelpOptions = true)
final class RebuildCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9092",
            description = "The cluster (default: ${DEFAULT-VALUE}, that of dev mode).")
    private String bootstrapServers = "127.0.0.1:9092";

    @Option(
            names = "--registry",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8081",
            description = "Its schema registry (default: ${DEFAULT-VALUE}, that of dev mode).")
    private URI registry = URI.create("http://127.0.0.1:8081");

    @Option(
            names = "--client-config",
            paramLabel = "FILE",
            description = "Properties of Kafka's clients, as for TLS and SASL.")
    private @Nullable Path clientConfig;

    private final PrintWriter out;

    RebuildCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        // The orchestrators keep the stores; this only says that there is to be another generation of them.
        var settings = new ViewsSettings(
                bootstrapServers,
                new RecordCodec(new HttpSchemaRegistry(registry)),
                Path.of(""),
                MasterKeys.none(),
                Limits.DEFAULT,
                Meters.unread(),
                clients());
        var told = new long[] {Long.MAX_VALUE};
        try {
            int generation = new ViewsRebuild(settings, PATIENCE).run(left -> {
                if (left < told[0]) {
                    out.printf("%,d records to read%n", left);
                    told[0] = left;
                }
            });
            out.println("generation " + generation + " of the read side answers; the one before it is dropped");
            return 0;
        } catch (TimeoutException | KafkaException | RegistryUnavailable | IllegalStateException e) {
            throw new Trouble("the read side is not rebuilt: " + e.getMessage(), e);
        }
    }

    private Map<String, String> clients() {
        var settings = new HashMap<String, String>();
        if (clientConfig != null) {
            var given = new Properties();
            try (var reader = Files.newBufferedReader(clientConfig)) {
                given.load(reader);
            } catch (IOException e) {
                throw new Unusable("--client-config " + clientConfig + " cannot be read: " + e);
            }
            given.stringPropertyNames().forEach(name -> settings.put(name, given.getProperty(name)));
        }
        return settings;
    }
}
