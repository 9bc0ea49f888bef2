package io.stepstream.cli.demo;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.cli.dev.DataFolder;
import io.stepstream.cli.dev.DevPorts;
import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Phases;
import io.stepstream.cli.dev.Trouble;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built-in workers of dev mode: what is said when one cannot start. */
class BuiltInWorkersSceneTest {

    @TempDir
    Path folder;

    @Test
    void whatTheirSettingsLackIsTold() throws Exception {
        var settings = new Properties();
        settings.setProperty(
                "stepstream.trigger.file", folder.resolve("none.json").toString());
        try (var stack = DevStack.start(DataFolder.open(folder.resolve("data")), DevPorts.FREE, new Phases())) {
            assertThatThrownBy(() -> stack.serveIntegrations(settings, Map.of()))
                    .isInstanceOf(Trouble.class)
                    .hasMessageContaining("the built-in workers cannot start: stepstream.trigger.file names");
        }
    }
}
