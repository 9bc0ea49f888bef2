package io.stepstream.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.asl.execution.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LimitSettingsTest {

    @Test
    void withoutSettingsTheyAreTheDefault() {
        assertThat(LimitSettings.read(Map.of())).isEqualTo(Limits.DEFAULT);
    }

    /** Each setting changes the one limit that has its name. */
    @ParameterizedTest
    @EnumSource
    void eachIsRead(LimitSettings setting) {
        var limits = LimitSettings.read(Map.of(setting.key(), String.valueOf(setting.least())));
        var changed = new HashMap<String, Object>();
        for (var component : Limits.class.getRecordComponents()) {
            try {
                var value = component.getAccessor().invoke(limits);
                if (!value.equals(component.getAccessor().invoke(Limits.DEFAULT))) {
                    changed.put(component.getName().toLowerCase(java.util.Locale.ROOT), value);
                }
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
        assertThat(changed).isEqualTo(Map.of(setting.key().replace(".", ""), setting.least()));
    }

    @ParameterizedTest
    @CsvSource({"payload.bytes,262145", "payload.bytes,1023", "nesting,0", "children.per.step,x", "history.events,''"})
    void whatIsOutOfItsRangeIsRefused(String name, String value) {
        assertThatThrownBy(() -> LimitSettings.read(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stepstream.limits." + name)
                .hasMessageContaining("whole number from");
    }

    @Test
    void whatIsNoLimitIsRefused() {
        assertThatThrownBy(() -> LimitSettings.read(Map.of("payload.kilobytes", "1")))
                .hasMessageContaining(
                        "stepstream.limits.payload.kilobytes is no limit; there are [transitions.per.step,");
    }

    /** The page tells every setting with its default and its range. */
    @Test
    void theDocumentationNamesEach() throws IOException {
        var page = Files.readString(Path.of("../docs/limits.md"));
        var rows = Arrays.stream(LimitSettings.values())
                .map(limit -> "| `stepstream.limits." + limit.key() + "` | " + limit.byDefault() + " | " + limit.least()
                        + " to " + limit.most() + " |")
                .toList();
        assertThat(rows).allMatch(page::contains);
    }
}
