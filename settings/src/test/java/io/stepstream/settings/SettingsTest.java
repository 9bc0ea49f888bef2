package io.stepstream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private static Settings settings(Map<String, String> properties, Map<String, String> environment) {
        var given = new Properties();
        given.putAll(properties);
        return Settings.of(given, environment);
    }

    @Test
    void aPropertyGoesBeforeTheEnvironmentAndThatBeforeTheFile(@TempDir Path folder) throws IOException {
        var file = Files.writeString(
                folder.resolve("stepstream.properties"),
                "stepstream.api.port=1\nstepstream.registry=http://file:1\nstepstream.api.host=file\nanother.key=x\n");
        var settings = settings(
                Map.of("stepstream.api.port", "3"),
                Map.of(
                        "STEPSTREAM_CONFIG", file.toString(),
                        "STEPSTREAM_API_PORT", "2",
                        "STEPSTREAM_REGISTRY", "http://environment:2",
                        "PATH", "/bin"));
        assertThat(settings.number(Key.API_PORT)).isEqualTo(3);
        assertThat(settings.address(Key.REGISTRY)).hasToString("http://environment:2");
        assertThat(settings.required(Key.API_HOST)).isEqualTo("file");
    }

    @Test
    void whatIsNotGivenIsItsDefaultOrMissing() {
        var settings = settings(Map.of(), Map.of());
        assertThat(settings.number(Key.GATEWAY_PORT)).isEqualTo(8080);
        assertThat(settings.text(Key.MASTER_KEYS)).isEmpty();
        assertThatThrownBy(() -> settings.required(Key.REGISTRY))
                .hasMessage(
                        "stepstream.registry (or STEPSTREAM_REGISTRY) is missing: give an address like http://host:8081");
    }

    @Test
    void familiesAreTakenByTheirOwnNames() {
        var settings = settings(
                Map.of("stepstream.kafka.security.protocol", "SSL"),
                Map.of(
                        "STEPSTREAM_KAFKA_SSL_KEYSTORE_LOCATION", "/k",
                        "STEPSTREAM_LIMITS_NESTING", "4",
                        "STEPSTREAM_NOTIFY_WEBHOOK_CHAT_SECRET", "a secret of the chat"));
        assertThat(settings.family(Key.KAFKA))
                .isEqualTo(Map.of("security.protocol", "SSL", "ssl.keystore.location", "/k"));
        assertThat(settings.family(Key.LIMITS)).isEqualTo(Map.of("nesting", "4"));
        assertThat(settings.named("notify.webhook.chat.secret")).contains("a secret of the chat");
    }

    @Test
    void everyProblemIsToldAtOnce() {
        assertThatThrownBy(() -> settings(
                        Map.of("stepstream.api.prot", "1", "stepstream.registry", "registry:8081"),
                        Map.of("STEPSTREAM_GATEWAY_PORT", "eighty", "STEPSTREAM_TOKEN_KEY", "x")))
                .hasMessageContaining(
                        "stepstream.api.prot is no setting; stepstream.api.port (a port; 0 for any free one) is the nearest")
                .hasMessageContaining(
                        "STEPSTREAM_TOKEN_KEY is no setting; stepstream.token.keys (a file) is the nearest")
                .hasMessageContaining(
                        "stepstream.registry must be an address like http://host:8081, not \"registry:8081\"")
                .hasMessageContaining("stepstream.gateway.port must be a port; 0 for any free one, not \"eighty\"");
    }

    @ParameterizedTest
    @CsvSource({
        "stepstream.api.port, 65536",
        "stepstream.api.port, -1",
        "stepstream.topics.replication, 0",
        "stepstream.registry, nothing",
        "stepstream.api.secret, ' '",
        "stepstream.kafka., x",
        "stepstream., x"
    })
    void aValueIsRefused(String property, String value) {
        assertThatThrownBy(() -> settings(Map.of(property, value), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(property);
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        assertThatThrownBy(() -> settings(Map.of("stepstream.config", "/no/such/file"), Map.of()))
                .hasMessageContaining("stepstream.config names /no/such/file");
    }

    @Test
    void severalAddresses() {
        var settings = settings(Map.of("stepstream.orchestrators", "http://a:1, http://b:2"), Map.of());
        assertThat(settings.addresses(Key.ORCHESTRATORS)).hasToString("[http://a:1, http://b:2]");
        var wrong = settings(Map.of("stepstream.orchestrators", "http://a:1,b"), Map.of());
        assertThatThrownBy(() -> wrong.addresses(Key.ORCHESTRATORS)).hasMessageContaining("not \"b\"");
    }
}
