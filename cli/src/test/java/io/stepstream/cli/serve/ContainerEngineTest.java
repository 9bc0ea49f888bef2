package io.stepstream.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the tests in containers are skipped, and what is said then. */
class ContainerEngineTest {
    private static final URI HERE = URI.create("unix:///var/run/docker.sock");

    record Row(ContainerEngine engine, Optional<String> said) {}

    @ParameterizedTest
    @MethodSource("engines")
    void testsAreSkippedForAReason(Row row) {
        assertThat(row.engine().hindrance().map(reason -> reason.split(":")[0])).isEqualTo(row.said());
    }

    static List<Row> engines() {
        return List.of(
                new Row(new ContainerEngine.Answering(HERE, List.of()), Optional.empty()),
                new Row(
                        new ContainerEngine.Answering(URI.create("npipe:////./pipe/docker_engine"), List.of()),
                        Optional.empty()),
                new Row(new ContainerEngine.Silent(), Optional.of("no container engine answers")),
                new Row(
                        new ContainerEngine.Answering(URI.create("tcp://build:2375"), List.of()),
                        Optional.of("the container engine is tcp")),
                // Where it is comes first: its images are of no use.
                new Row(
                        new ContainerEngine.Answering(URI.create("ssh://build"), List.of("haproxy")),
                        Optional.of("the container engine is ssh")),
                new Row(
                        new ContainerEngine.Answering(HERE, List.of("stepstream", "haproxy")),
                        Optional.of("the engine has no image stepstream, nor haproxy")));
    }
}
