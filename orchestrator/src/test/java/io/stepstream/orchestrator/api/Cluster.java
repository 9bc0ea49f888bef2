package io.stepstream.orchestrator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stepstream.asl.execution.Limits;
import io.stepstream.local.InMemorySchemaRegistry;
import io.stepstream.local.LocalKafka;
import io.stepstream.orchestrator.metrics.Meters;
import io.stepstream.orchestrator.views.Steps;
import io.stepstream.orchestrator.views.ViewsSettings;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** A broker with our topics, a log to write to, and read sides to ask. */
final class Cluster implements AutoCloseable {

    static final int PARTITIONS = 4;
    static final String SECRET = "s3cret";

    private static final Duration STARTED_WITHIN = Duration.ofSeconds(60);
    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final RecordCodec codec = new RecordCodec(new InMemorySchemaRegistry());
    final MasterKeys masterKeys = MasterKeys.generate();
    private final Path folder;
    private final LocalKafka kafka;
    private final Log log;

    Cluster(Path folder) throws Exception {
        this.folder = folder;
        this.kafka = LocalKafka.start(folder.resolve("kafka"), 0);
        try (var admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
            Topics.create(admin, PARTITIONS, (short) 1);
        }
        this.log = new Log(kafka.bootstrapServers(), codec);
    }

    Log log() {
        return log;
    }

    /** Starts an instance with its stores in this folder, and waits for it. */
    ReadSide start(String stateDir) throws Exception {
        var settings = settings(stateDir);
        var started = ReadSide.start(settings, "127.0.0.1", 0, SECRET, List::of, () -> "");
        started.awaitReady(STARTED_WITHIN);
        return started;
    }

    ViewsSettings settings(String stateDir) {
        return new ViewsSettings(
                kafka.bootstrapServers(),
                codec,
                folder.resolve(stateDir),
                masterKeys,
                Limits.DEFAULT,
                Meters.unread(),
                Map.of());
    }

    /** What this instance answers on a path below {@code /internal/executions}. */
    HttpResponse<String> get(ReadSide asked, String path) throws Exception {
        return send(HttpRequest.newBuilder(asked.uri().resolve("/internal/executions" + path))
                .header("Authorization", "Bearer " + SECRET));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    JsonNode json(ReadSide asked, String path) throws Exception {
        return json(get(asked, path));
    }

    static JsonNode json(HttpResponse<String> response) throws Exception {
        return MAPPER.readTree(response.body());
    }

    /** The ids of a page's events. */
    static List<Long> ids(JsonNode page) {
        return StreamSupport.stream(page.path("events").spliterator(), false)
                .map(event -> event.path("id").asLong())
                .toList();
    }

    static int partition(Steps steps) {
        return Topics.partitionOf(steps.executionId(), PARTITIONS);
    }

    @Override
    public void close() {
        log.close();
        kafka.close();
        http.close();
    }
}
