package io.stepstream.orchestrator;

import io.stepstream.orchestrator.engine.Sealing;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.TokenKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * An orchestrator in a process of its own. Its settings are system properties such as {@code stepstream.bootstrap.servers}, or
 * environment variables such as {@code STEPSTREAM_BOOTSTRAP_SERVERS}; what begins with {@code stepstream.kafka.} is passed to Kafka.
 */
public final class OrchestratorProcess {
    private static final String PREFIX = "stepstream.";
    private static final String KAFKA = PREFIX + "kafka.";
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    private OrchestratorProcess() {}

    /** Runs until the process is told to stop; prints one line when it is ready, or why it cannot start. */
    public static void main(String[] args) throws InterruptedException {
        try {
            var orchestrator = Orchestrator.start(settings());
            Runtime.getRuntime().addShutdownHook(new Thread(orchestrator::close, "stop"));
            orchestrator.awaitReady(READY_WITHIN);
            System.out.println("ready " + orchestrator.api());
        } catch (IllegalArgumentException | IllegalStateException | IOException | TimeoutException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static OrchestratorSettings settings() throws IOException {
        return new OrchestratorSettings(
                required("bootstrap.servers", "host:port, several separated by commas"),
                URI.create(required("registry", "the base address of the schema registry")),
                Path.of(required("state.dir", "a folder")),
                TokenKeys.loadOrCreate(Path.of(required("token.keys", "the file of token keys"))),
                required("api.secret", "what callers of the query API must show"),
                port(),
                LimitSettings.read(OrchestratorProcess::value),
                sealing(),
                kafka());
    }

    /** Master keys are never made here, as token keys are: an instance with keys of its own could seal what no other can open. */
    private static Sealing sealing() throws IOException {
        var machines = value("sealed.state.machines").stream()
                .flatMap(names -> Stream.of(names.split(",")))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        var file = value("master.keys").map(Path::of);
        var keys = file.isPresent()
                ? MasterKeys.parse(Files.readAllLines(file.get()), file.get().toString())
                : MasterKeys.none();
        return new Sealing(keys, machines);
    }

    private static int port() {
        var text = value("api.port").orElse("0");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(PREFIX + "api.port must be a port, 0 for any free one, not " + text, e);
        }
    }

    private static String required(String key, String form) {
        return value(key)
                .orElseThrow(() -> new IllegalArgumentException(
                        PREFIX + key + " (or " + variable(key) + ") is missing: give " + form));
    }

    private static Optional<String> value(String key) {
        return Optional.ofNullable(System.getProperty(PREFIX + key))
                .or(() -> Optional.ofNullable(System.getenv(variable(key))));
    }

    private static String variable(String key) {
        return (PREFIX + key).toUpperCase(Locale.ROOT).replace('.', '_');
    }

    private static Map<String, String> kafka() {
        var kafka = new HashMap<String, String>();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(KAFKA))
                .forEach(name -> kafka.put(name.substring(KAFKA.length()), System.getProperty(name)));
        return kafka;
    }
}
