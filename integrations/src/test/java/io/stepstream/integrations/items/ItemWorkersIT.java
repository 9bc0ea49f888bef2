package io.stepstream.integrations.items;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.items.store.BucketSettings;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both workers on a real broker: the engine's requests in, results out. */
class ItemWorkersIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static Path bucket;
    private static EngineSide engine;
    private static ItemWorkers workers;

    @BeforeAll
    static void start() throws Exception {
        bucket = Files.createDirectory(folder.resolve("bucket"));
        engine = new EngineSide(folder.resolve("kafka"));
        workers = ItemWorkers.start(new ItemSettings(
                engine.bootstrapServers(),
                engine.registry(),
                BucketSettings.ofDirectories(Map.of("data", bucket)),
                1 << 20,
                Map.of()));
    }

    @AfterAll
    static void stop() {
        workers.close();
        engine.close();
    }

    @Test
    void aFileIsReadPageByPageByTasks() throws Exception {
        Files.writeString(bucket.resolve("orders.csv"), "id,total\n1,9.50\n2,7\n3,12\n");
        ObjectNode request = (ObjectNode) JSON.readTree("""
                {"resource": "arn:aws:states:::s3:getObject",
                 "readerConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
                 "parameters": {"Bucket": "data", "Key": "orders.csv"},
                 "cursor": null, "maxItems": 2, "maxBytes": 1000}
                """);
        List<String> pages = new ArrayList<>();
        JsonNode page;
        do {
            page = JSON.readTree(succeeded(engine.ask("stepstream-item-reader", request.toString())));
            pages.add(page.path("items").toString());
            request.set("cursor", page.path("cursor"));
        } while (!page.path("cursor").isNull());
        assertThat(pages)
                .containsExactly(
                        "[{\"id\":\"1\",\"total\":\"9.50\"},{\"id\":\"2\",\"total\":\"7\"}]",
                        "[{\"id\":\"3\",\"total\":\"12\"}]");
    }

    @Test
    void whatCannotBeReadFailsTheTaskByItsAslName() throws Exception {
        Object body = engine.ask("stepstream-item-reader", """
                {"resource": "arn:aws:states:::s3:getObject", "readerConfig": {"InputType": "JSON"},
                 "parameters": {"Bucket": "data", "Key": "none.json"}, "maxItems": 2, "maxBytes": 1000}
                """);
        assertThat(body).isInstanceOfSatisfying(TaskFailed.class, failure -> {
            assertThat(failure.getError()).isEqualTo("States.ItemReaderFailed");
            assertThat(failure.getCause()).startsWith("cannot read s3://data/none.json: there is no such object");
        });
    }

    @Test
    void resultsAreWrittenPartByPartAndThenTheirManifest() throws Exception {
        String run = "arn:aws:states:us-east-1:000000000000:mapRun:orders/Map:run-1";
        String request = """
                {"resource": "arn:aws:states:::s3:putObject", "writerConfig": {"Transformation": "COMPACT"},
                 "parameters": {"Bucket": "data", "Prefix": "out"}, "mapRunArn": "%s", %s}
                """;
        for (int part = 0; part < 2; part++) {
            String results = "\"part\": %d, \"results\": [{\"Status\": \"SUCCEEDED\", \"Output\": \"[%d, 1.0]\"}]"
                    .formatted(part, part);
            assertThat(succeeded(engine.ask("stepstream-result-writer", request.formatted(run, results))))
                    .isEqualTo("{\"written\":1}");
        }
        assertThat(succeeded(engine.ask("stepstream-result-writer", request.formatted(run, "\"finish\": {}"))))
                .isEqualTo("{\"MapRunArn\":\"" + run
                        + "\",\"ResultWriterDetails\":{\"Bucket\":\"data\",\"Key\":\"out/run-1/manifest.json\"}}");
        assertThat(bucket.resolve("out/run-1/SUCCEEDED_1.json")).hasContent("[[1,1.0]]");
        assertThat(bucket.resolve("out/run-1/manifest.json"))
                .hasContent(
                        "{\"DestinationBucket\":\"data\",\"MapRunArn\":\"" + run
                                + "\",\"ResultFiles\":{\"FAILED\":[],\"PENDING\":[],\"SUCCEEDED\":["
                                + "{\"Key\":\"out/run-1/SUCCEEDED_0.json\",\"Size\":9},{\"Key\":\"out/run-1/SUCCEEDED_1.json\",\"Size\":9}]}}");
    }

    private static String succeeded(Object body) {
        assertThat(body).isInstanceOf(TaskSucceeded.class);
        return Payloads.json(((TaskSucceeded) body).getOutput());
    }
}
