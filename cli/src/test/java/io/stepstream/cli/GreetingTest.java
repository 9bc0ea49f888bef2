package io.stepstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.cli.dev.DataFolder;
import io.stepstream.cli.dev.DevPorts;
import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Phases;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dev mode is open, on loopback alone, and says so. */
class GreetingTest {

    @Test
    void devModeSaysThatItIsOpen(@TempDir Path folder) throws Exception {
        var phases = new Phases();
        try (var stack = DevStack.start(DataFolder.open(folder.resolve("data")), DevPorts.FREE, phases)) {
            var said = new StringWriter();
            Greeting.print(new PrintWriter(said), stack, phases, false);
            assertThat(said.toString())
                    .contains("gateway   " + stack.gateway())
                    .contains("Open to everybody on this machine, and to nobody else: for development only.");
            for (var host : new String[] {
                stack.gateway().getHost(),
                stack.registry().getHost(),
                stack.bootstrapServers().split(":")[0]
            }) {
                assertThat(InetAddress.getByName(host).isLoopbackAddress())
                        .as(host)
                        .isTrue();
            }
        }
    }
}
