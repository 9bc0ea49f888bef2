package io.stepstream.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.orchestrator.views.Steps;
import io.stepstream.orchestrator.views.ViewsRebuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The read side of two instances, dropped and built anew: it says what it said. */
class ViewsRebuildIT {
    private static final int EXECUTIONS = 20;

    @TempDir
    private static Path folder;

    @Test
    void whatIsRebuiltFromTheLogIsWhatWasThere() throws Exception {
        try (var cluster = new Cluster(folder)) {
            var written = IntStream.range(0, EXECUTIONS)
                    .mapToObj(i -> written(cluster.log(), "run-" + i))
                    .toList();
            try (var one = cluster.start("one");
                    var other = cluster.start("other")) {
                var live = answers(cluster, one, written);
                assertThat(live).noneMatch(answer -> answer.path("title").isTextual());
                for (var generation = 1; generation <= 2; generation++) {
                    var reached = new ViewsRebuild(cluster.settings("unused"), Duration.ofSeconds(60)).run(_ -> {});
                    assertThat(reached).isEqualTo(generation);
                    assertThat(answers(cluster, one, written)).isEqualTo(live);
                    assertThat(answers(cluster, other, written)).isEqualTo(live);
                    assertThat(folder.resolve("one/stepstream-views-" + generation))
                            .isDirectory();
                }
                var late = written(cluster.log(), "late");
                assertThat(cluster.json(one, "/" + late.executionId())
                                .path("status")
                                .asText())
                        .isEqualTo("SUCCEEDED");
            }
            try (var again = cluster.start("one")) {
                assertThat(answers(cluster, again, written)).hasSize(3 * EXECUTIONS);
            }
            try (var kept = Files.list(folder.resolve("one"))) {
                assertThat(kept.map(path -> path.getFileName().toString())).contains("stepstream-views-2");
            }
        }
    }

    private static Steps written(Log log, String name) {
        var steps = new Steps(name);
        log.commit(steps, steps.started("{\"name\":\"" + name + "\"}"), steps.running("{}"));
        log.commit(steps, steps.asks(7, "{\"for\":\"" + name + "\"}", "token"));
        log.commit(steps, steps.ends(7, "SUCCEEDED"), steps.succeeded("{}", "[1]"));
        return steps;
    }

    /** Everything that can be asked about these executions; waits while shares move between instances. */
    private static List<JsonNode> answers(Cluster cluster, ReadSide asked, List<Steps> written) throws Exception {
        var answers = new ArrayList<JsonNode>();
        for (var steps : written) {
            for (var what : List.of("", "/history", "/tasks/7")) {
                answers.add(answer(cluster, asked, "/" + steps.executionId() + what));
            }
        }
        return answers;
    }

    private static JsonNode answer(Cluster cluster, ReadSide asked, String path) throws Exception {
        var until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        var response = cluster.get(asked, path);
        while (response.statusCode() == 503 && System.nanoTime() < until) {
            response = cluster.get(asked, path);
        }
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Cluster.json(response);
    }
}
