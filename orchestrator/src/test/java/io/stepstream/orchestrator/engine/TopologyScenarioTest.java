package io.stepstream.orchestrator.engine;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.stepstream.asl.execution.scenario.Scenario;
import io.stepstream.asl.execution.scenario.ScenarioRunner;
import io.stepstream.schemas.MasterKeys;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The interpreter's scenarios, through the topology: commands and results in, requests and statuses out. */
class TopologyScenarioTest {

    @TestFactory
    Stream<DynamicTest> scenarios() throws IOException, URISyntaxException {
        return scenarios(Sealing.OFF);
    }

    /** Sealing is the shell's: what an execution does is the same. */
    @TestFactory
    Stream<DynamicTest> sealedScenarios() throws IOException, URISyntaxException {
        return scenarios(new Sealing(MasterKeys.generate(), List.of("*")));
    }

    private static Stream<DynamicTest> scenarios(Sealing sealing) throws IOException, URISyntaxException {
        var place = Objects.requireNonNull(TopologyScenarioTest.class.getResource("/scenarios"))
                .toURI();
        return read(place).stream()
                .map(scenario -> dynamicTest(scenario.name(), () -> {
                    try (var engine = new EngineUnderTest(sealing)) {
                        ScenarioRunner.run(scenario, new TopologyDriver(engine));
                    }
                }));
    }

    /** They are in a folder or in a jar, depending on how far the build went. */
    private static List<Scenario> read(URI place) throws IOException {
        if (!place.getScheme().equals("jar")) {
            return read(Path.of(place));
        }
        try (var jar = FileSystems.newFileSystem(place, Map.of())) {
            return read(jar.getPath("/scenarios"));
        }
    }

    private static List<Scenario> read(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .map(Scenario::read)
                    .toList();
        }
    }
}
