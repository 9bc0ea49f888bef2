package io.stepstream.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpLimitSettingsTest {

    @Test
    void withoutSettingsTheyAreAsUsual() {
        assertThat(HttpLimitSettings.read(Map.of())).isEqualTo(HttpLimits.DEFAULT);
        var all = new HashMap<String, String>();
        for (var setting : HttpLimitSettings.values()) {
            all.put(setting.key(), setting.byDefault());
        }
        assertThat(HttpLimitSettings.read(all)).isEqualTo(HttpLimits.DEFAULT);
    }

    @Test
    void eachIsSet() {
        var read = HttpLimitSettings.read(Map.of(
                "body.bytes", "1000",
                "header.bytes", "2048",
                "head.seconds", "3",
                "body.seconds", "4",
                "connections", "5",
                "long.polls", "6",
                "address.rate", "7/s,8",
                "page.rate", "0.5/s,9",
                "principal.rate", "10/s,11",
                "task.rate", "12/s,13"));
        assertThat(read)
                .isEqualTo(new HttpLimits(
                        1000,
                        2048,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        5,
                        6,
                        new Rate(7, 8),
                        new Rate(0.5, 9),
                        new Rate(10, 11),
                        new Rate(12, 13)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "body.byte    | 10        | there is no limit body.byte, but body.bytes",
                "body.bytes   | 0         | body.bytes must be a whole number from 1 to 3145728, not 0",
                "body.bytes   | 3145729   | body.bytes must be a whole number from 1 to 3145728, not 3145729",
                "head.seconds | 1.5       | head.seconds must be a whole number from 1 to 3600, not 1.5",
                "page.rate    | 20        | page.rate must be a rate above 0 and how many at once, such as 20/s,100, not 20",
                "page.rate    | 0/s,10    | page.rate must be a rate",
                "page.rate    | 10/s,0    | page.rate must be a rate",
                "page.rate    | 10/min,10 | page.rate must be a rate",
            })
    void whatIsWrongIsRefusedWithWhatIsAccepted(String key, String value, String message) {
        assertThatThrownBy(() -> HttpLimitSettings.read(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void theDocumentationListsThem() throws Exception {
        var page = Files.readString(Path.of("../docs/security.md"));
        for (var setting : HttpLimitSettings.values()) {
            assertThat(page).contains("| `" + setting.key() + "` | " + setting.byDefault() + " |");
        }
    }
}
