package io.stepstream.integrations.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings of the process: where each may stand, and what is said of one that is wrong. */
class ItemProcessTest {

    @TempDir
    Path folder;

    private static Properties properties(String... pairs) {
        var properties = new Properties();
        properties.setProperty("stepstream.bootstrap.servers", "localhost:9092");
        properties.setProperty("stepstream.registry", "http://localhost:8081");
        for (int i = 0; i < pairs.length; i += 2) {
            properties.setProperty("stepstream." + pairs[i], pairs[i + 1]);
        }
        return properties;
    }

    private static ItemSettings settings(Map<String, String> environment, String... pairs) {
        return new ItemProcess(properties(pairs), environment).settings();
    }

    @Test
    void aPropertyComesBeforeTheEnvironmentAndThatBeforeTheFile() throws Exception {
        Path file = Files.writeString(folder.resolve("items.properties"), """
                stepstream.items.directories = orders=/from/file
                stepstream.items.s3.buckets = archive, results
                stepstream.items.s3.endpoint = http://127.0.0.1:9000
                stepstream.items.s3.access.key = key
                stepstream.items.s3.secret.key = hidden
                stepstream.items.s3.region = eu-west-1
                stepstream.kafka.security.protocol = SSL
                """);
        String name = file.toString();
        ItemSettings fromFile = settings(Map.of("STEPSTREAM_CONFIG", name));
        assertThat(fromFile.buckets().directories()).isEqualTo(Map.of("orders", Path.of("/from/file")));
        assertThat(fromFile.buckets().s3().orElseThrow().buckets()).containsOnly("archive", "results");
        assertThat(fromFile.buckets().s3().orElseThrow().endpoint()).contains(URI.create("http://127.0.0.1:9000"));
        assertThat(fromFile.buckets().s3().orElseThrow().region()).isEqualTo("eu-west-1");
        assertThat(fromFile.kafka()).containsExactly(Map.entry("security.protocol", "SSL"));
        assertThat(fromFile.inflatedBytes()).isEqualTo(ItemSettings.INFLATED_BYTES);
        assertThat(fromFile.toString()).doesNotContain("hidden");

        var environment = Map.of("STEPSTREAM_ITEMS_DIRECTORIES", "orders=/from/environment");
        assertThat(settings(environment, "config", name).buckets().directories())
                .isEqualTo(Map.of("orders", Path.of("/from/environment")));
        assertThat(settings(environment, "config", name, "items.directories", "orders=/from/property, in-tray=/in")
                        .buckets()
                        .directories())
                .isEqualTo(Map.of("orders", Path.of("/from/property"), "in-tray", Path.of("/in")));
    }

    @Test
    void whatIsWrongIsNamedWithTheFormItNeeds() {
        assertThatThrownBy(() -> new ItemProcess(new Properties(), Map.of()).settings())
                .hasMessage("stepstream.bootstrap.servers (or STEPSTREAM_BOOTSTRAP_SERVERS) is missing: give host:port,"
                        + " several separated by commas");
        assertThatThrownBy(() -> settings(Map.of())).hasMessageContaining("no bucket is set");
        assertThatThrownBy(() -> settings(Map.of(), "items.directories", "orders"))
                .hasMessageContaining(
                        "stepstream.items.directories has \"orders\"; it must be like orders=/data/orders");
        assertThatThrownBy(() -> settings(Map.of(), "items.s3.buckets", "archive", "items.s3.endpoint", "minio"))
                .hasMessageContaining(
                        "stepstream.items.s3.endpoint must be an address like http://minio:9000, not \"minio\"");
        assertThatThrownBy(() -> settings(Map.of(), "items.s3.buckets", "archive", "items.s3.access.key", "key"))
                .hasMessageContaining("stepstream.items.s3.secret.key (or STEPSTREAM_ITEMS_S3_SECRET_KEY) is missing");
        assertThatThrownBy(() -> settings(Map.of(), "items.directories", "orders=/x", "items.inflated.bytes", "much"))
                .hasMessageContaining("stepstream.items.inflated.bytes must be a number of bytes, not much");
        assertThatThrownBy(() -> settings(Map.of("STEPSTREAM_CONFIG", "/no/such/file")))
                .hasMessageContaining("/no/such/file, which cannot be read");
    }
}
