package io.stepstream.orchestrator.api;

import static io.stepstream.orchestrator.api.Cluster.PARTITIONS;
import static io.stepstream.orchestrator.api.Cluster.ids;
import static io.stepstream.orchestrator.api.Cluster.partition;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.orchestrator.views.Steps;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the views when instances come and go. */
class InstancesIT {

    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static Cluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new Cluster(folder);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void anEmptyStoreAndAStaleOneAreRebuilt() throws Exception {
        var all = write("rebuilt");
        try (var first = cluster.start("a")) {
            assertAnswers(first, all, 1);
        }
        delete(folder.resolve("a"));
        for (var steps : all) {
            cluster.log().commit(steps, steps.events(2), steps.succeeded("{}", "2"));
        }
        try (var wiped = cluster.start("a")) {
            assertAnswers(wiped, all, 3);
        }
        for (var steps : all) {
            cluster.log().commit(steps, steps.events(1), steps.succeeded("{}", "3"));
        }
        try (var stale = cluster.start("a")) {
            assertAnswers(stale, all, 4);
        }
    }

    @Test
    void eachOfTwoInstancesAnswersForAllPartitions() throws Exception {
        var all = write("shared");
        try (var one = cluster.start("one");
                var two = cluster.start("two")) {
            awaitShares(one, two, all);
            assertAnswers(one, all, 1);
            assertAnswers(two, all, 1);
            for (var steps : all) {
                cluster.log().commit(steps, steps.events(1), steps.succeeded("{}", "1"));
            }
            assertAnswers(one, all, 2);
            assertAnswers(two, all, 2);
        }
    }

    /** One execution in each partition, of one event and with a task. */
    private static List<Steps> write(String name) {
        var all = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> IntStream.range(0, 1000)
                        .mapToObj(i -> new Steps(name + i))
                        .filter(steps -> partition(steps) == partition)
                        .findFirst()
                        .orElseThrow())
                .toList();
        for (var steps : all) {
            cluster.log().commit(steps, steps.started("{}"), steps.running("{}"));
        }
        return all;
    }

    private static void assertAnswers(ReadSide asked, List<Steps> all, int events) throws Exception {
        for (var steps : all) {
            var history = cluster.json(asked, "/" + steps.executionId() + "/history");
            assertThat(ids(history))
                    .as("history of partition %s: %s", partition(steps), history)
                    .hasSize(events);
            var status = cluster.json(asked, "/" + steps.executionId());
            assertThat(status.path("status").asText())
                    .as("status of partition %s: %s", partition(steps), status)
                    .isEqualTo(events == 1 ? "RUNNING" : "SUCCEEDED");
        }
    }

    /** Waits until each view of each partition is with one instance, and neither instance is without any. */
    private static void awaitShares(ReadSide one, ReadSide two, List<Steps> all) throws Exception {
        var deadline = System.nanoTime() + SETTLED_WITHIN.toNanos();
        var withOne = 0;
        var withTwo = 0;
        while (withOne == 0 || withTwo == 0 || withOne + withTwo != 2 * all.size()) {
            assertThat(System.nanoTime()).as("time to settle").isLessThan(deadline);
            withOne = holds(one, all);
            withTwo = holds(two, all);
        }
    }

    /** How many views this instance answers out of itself: the header says that the request has been passed on already. */
    private static int holds(ReadSide instance, List<Steps> all) throws Exception {
        var held = 0;
        for (var steps : all) {
            for (var view : List.of("", "/history")) {
                var answer = cluster.send(HttpRequest.newBuilder(
                                instance.uri().resolve("/internal/executions/" + steps.executionId() + view))
                        .header("Authorization", "Bearer " + Cluster.SECRET)
                        .header("Stepstream-Passed-On", "1"));
                held += answer.statusCode() == 200 ? 1 : 0;
            }
        }
        return held;
    }

    private static void delete(Path directory) throws Exception {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
