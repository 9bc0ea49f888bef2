package io.stepstream.integrations.items.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.items.store.BucketSettings;
import io.stepstream.integrations.items.store.Buckets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The executions recorded against AWS whose items come from a bucket: from the object of each, the reader gives the items that its Map
 * then had, or the cause of its failure. Their iterations pass items on, so the Map's output is its items; a batch holds them in
 * {@code Items}.
 */
class RecordedItemsTest {

    private static final Path CORPUS = Path.of(System.getProperty("conformance.dir", "../../shared/conformance"))
            .resolve("cases");

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> itemsAreThoseThatAwsHasRead() throws IOException {
        Path cases = CORPUS.resolve("scenarios_item_reader.jsonl");
        assumeTrue(Files.exists(cases), () -> "skipped: no recorded cases in " + CORPUS.toAbsolutePath());
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : Files.readAllLines(cases)) {
            JsonNode recorded = ItemJson.MAPPER.readTree(line);
            tests.add(DynamicTest.dynamicTest(recorded.path("id").asText(), () -> play(recorded)));
        }
        return tests.stream();
    }

    private void play(JsonNode recorded) throws Exception {
        JsonNode object = recorded.path("setup").path(0).path("params");
        Path bucket = Files.createTempDirectory(folder, "bucket");
        var buckets = Buckets.open(
                BucketSettings.ofDirectories(Map.of(object.path("Bucket").asText(), bucket)));
        try (var desk = new Desk(buckets, object.path("Bucket").asText())) {
            desk.put(object.path("Key").asText(), object.path("Body").asText());
            JsonNode itemReader = recorded.findValue("ItemReader");
            ObjectNode request = desk.object(
                    object.path("Key").asText(), config(itemReader.path("ReaderConfig"), recorded.path("input")));
            JsonNode expected = recorded.path("expected");
            if (expected.path("status").asText().equals("FAILED")) {
                assertThatThrownBy(() -> desk.all(request))
                        .hasMessage(expected.path("cause").asText());
            } else {
                assertThat(desk.all(request)).isEqualTo(items(expected.path("output")));
            }
        }
    }

    /** The configuration as the engine sends it: expressions are evaluated, and all of them here say what the input names. */
    private static String config(JsonNode config, JsonNode input) {
        ObjectNode evaluated = config.deepCopy();
        if (evaluated.remove("MaxItemsPath") != null
                || evaluated.path("MaxItems").isTextual()) {
            evaluated.set("MaxItems", input.path("MaxItems"));
        }
        return evaluated.toString();
    }

    private static List<JsonNode> items(JsonNode output) {
        List<JsonNode> items = new ArrayList<>();
        for (JsonNode iteration : output) {
            if (iteration.path("Items") instanceof ArrayNode batch) {
                batch.forEach(items::add);
            } else {
                items.add(iteration);
            }
        }
        return items;
    }
}
