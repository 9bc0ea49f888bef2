package io.stepstream.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.cli.dev.DataFolder;
import io.stepstream.cli.dev.DevPorts;
import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Phases;
import io.stepstream.integrations.items.store.BucketSettings;
import io.stepstream.schemas.Arns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dev mode with a folder as a bucket: the engine may ask the built-in workers, and they answer. */
class BucketSceneTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    @Test
    void theItemReaderIsATaskAsAnyOther() throws Exception {
        Path bucket = Files.createDirectory(folder.resolve("orders"));
        Files.writeString(bucket.resolve("orders.csv"), "id,total\n1,9.50\n2,7\n");
        try (DevStack stack = DevStack.start(DataFolder.open(folder.resolve("data")), DevPorts.FREE, new Phases());
                var gateway = new GatewayClient(stack.gateway())) {
            stack.serveItems(BucketSettings.ofDirectories(Map.of("orders", bucket)));
            assertThat(stack.buckets()).isEqualTo(Map.of("orders", bucket));
            JsonNode definition = JSON.readTree("""
                    {"StartAt": "Read", "States": {"Read": {
                      "Type": "Task", "Resource": "arn:stepstream:kafka:::stepstream-item-reader", "TimeoutSeconds": 60,
                      "Parameters": {
                        "resource": "arn:aws:states:::s3:getObject", "parameters": {"Bucket": "orders", "Key.$": "$.key"},
                        "readerConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}, "maxItems": 10, "maxBytes": 1000},
                      "End": true}}}
                    """);
            String stateMachine = gateway.createStateMachine("read", definition);

            JsonNode read = end(
                    gateway, gateway.startExecution(stateMachine, "all", JSON.readTree("{\"key\":\"orders.csv\"}")));
            assertThat(read.path("output").toString())
                    .isEqualTo(
                            "{\"items\":[{\"id\":\"1\",\"total\":\"9.50\"},{\"id\":\"2\",\"total\":\"7\"}],\"cursor\":null}");

            JsonNode failed =
                    end(gateway, gateway.startExecution(stateMachine, "none", JSON.readTree("{\"key\":\"none.csv\"}")));
            assertThat(failed.path("error").asText()).isEqualTo("States.ItemReaderFailed");
            assertThat(failed.path("cause").asText())
                    .startsWith("cannot read s3://orders/none.csv: there is no such object");
        }
    }

    private static JsonNode end(GatewayClient gateway, String executionArn) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode now = gateway.execution(Arns.executionId(executionArn));
            if (!now.path("status").asText().equals("RUNNING")) {
                return now;
            }
        }
        throw new AssertionError("still running after " + PATIENCE);
    }
}
