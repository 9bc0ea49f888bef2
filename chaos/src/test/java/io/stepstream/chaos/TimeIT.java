package io.stepstream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.chaos.check.Checker;
import io.stepstream.chaos.check.ClusterRecording;
import io.stepstream.chaos.check.Rest;
import io.stepstream.chaos.fault.Installation;
import io.stepstream.chaos.fault.Layout;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Time passes while the engine stands still (SIGSTOP), on a real broker. */
class TimeIT {
    private static final int ANSWERS = 100;
    private static final int TIMEOUT_SECONDS = 20;
    private static final String ASK = """
            {"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:stepstream:kafka:::ask.waitForTaskToken",
              "Parameters": {"token.$": "$$.Task.Token"}, "TimeoutSeconds": %d, "End": true}}}""".formatted(TIMEOUT_SECONDS);
    private static final int TIMERS = Integer.getInteger("storm.timers", 2000);
    private static final Duration LEAD = Duration.ofSeconds(Integer.getInteger("storm.lead", 20));
    private static final Duration WITHIN = Duration.ofSeconds(Integer.getInteger("storm.within", 10));
    /** A large storm is worth compiling for. */
    private static final List<String> CODE = TIMERS > 10_000 ? List.of() : Layout.SHORT_RUN;

    private static final int STORMS = Integer.getInteger("storm.storms", 1);
    private static final int COMMANDS = 50;
    private static final double[] PERCENTILES = {0.5, 0.9, 0.99, 1};

    @TempDir
    static Path folder;

    private static Installation installation;

    @BeforeAll
    static void start() throws Exception {
        installation = Installation.start(new Layout(1, 1, 2, folder, CODE));
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    /** What was appended before its deadline wins, what was appended after it loses, whatever the engine finds when it goes on. */
    @Test
    void whatWasAppendedBeforeItsDeadlineWins() throws Exception {
        try (var client = new Client(installation, "approval", List.of("ask"))) {
            var revision = client.create(ASK);
            for (var i = 0; i < 2 * ANSWERS; i++) {
                client.start(revision, "e" + i);
            }
            var requests = client.requests(2 * ANSWERS);
            var first = requests.subList(0, ANSWERS);
            var second = requests.subList(ANSWERS, 2 * ANSWERS);
            installation.pauseEngine(0);
            first.forEach(client::answer);
            client.flush();
            assertThat(Instant.now())
                    .as("the machine was too slow to be in time")
                    .isBefore(deadlines(first).min(Instant::compareTo).orElseThrow());
            client.passTimeUntil(deadlines(second).max(Instant::compareTo).orElseThrow());
            second.forEach(client::answer);
            client.flush();
            installation.resumeEngine(0);
            var statuses = client.ends(2 * ANSWERS);
            assertThat(first)
                    .allSatisfy(request -> assertThat(statuses).containsEntry(request.getExecutionId(), "SUCCEEDED"));
            assertThat(second)
                    .allSatisfy(request -> assertThat(statuses).containsEntry(request.getExecutionId(), "FAILED"));
            assertThat(client.verdicts(2 * ANSWERS).values())
                    .containsOnly("accepted", "TASK_TIMED_OUT")
                    .filteredOn("accepted"::equals)
                    .hasSize(ANSWERS);
            assertNothingIsViolated();
        }
    }

    /**
     * A backlog of very many commands drains, in an engine whose heap (256 MiB) would not hold it; and very many timers that are due in one
     * second fire within seconds, in transactions that do not time out, while commands go on. With {@code -Dstorm.timers=100000
     * -Dstorm.lead=60 -Dstorm.storms=2} it is what docs/chaos.md tells the figures of: the first storm is an engine's that has just started,
     * and is compiled while it works.
     */
    @Test
    void timersOfOneSecondFireWithinSeconds() throws Exception {
        var slowest = Duration.ZERO;
        for (var storm = 1; storm <= STORMS; storm++) {
            slowest = storm("storm" + storm);
        }
        assertThat(slowest).isLessThan(WITHIN);
    }

    /** How late the last of the timers fired. */
    private static Duration storm(String machine) throws Exception {
        try (var client = new Client(installation, machine, List.of())) {
            var due = Instant.now().plus(LEAD).truncatedTo(ChronoUnit.SECONDS);
            var revision = client.create("""
                    {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Timestamp": "%s", "End": true}}}""".formatted(due));
            installation.pauseEngine(0);
            for (var i = 0; i < TIMERS; i++) {
                client.start(revision, "e" + i);
            }
            client.flush();
            var resumed = Instant.now();
            installation.resumeEngine(0);
            client.started(TIMERS);
            System.out.printf(
                    "a backlog of %d commands was drained within %d ms%n",
                    TIMERS, Duration.between(resumed, Instant.now()).toMillis());
            assertThat(Instant.now()).as("the timers were not set in time").isBefore(due);
            client.passTimeUntil(due);
            // These wait for a time that has passed: they end as soon as their command has been read.
            for (var i = 0; i < COMMANDS; i++) {
                client.start(revision, "late" + i);
            }
            client.ends(TIMERS + COMMANDS);
            var overdue = client.endTimes().stream()
                    .map(end -> Duration.between(due, end))
                    .sorted()
                    .toList();
            System.out.printf("%d timers of one second, overdue:", TIMERS);
            for (var percentile : PERCENTILES) {
                System.out.printf(
                        " %.0f%% %d ms",
                        100 * percentile,
                        overdue.get((int) (percentile * (overdue.size() - 1))).toMillis());
            }
            System.out.println();
            assertThat(client.abortedSteps())
                    .as("steps of transactions that timed out")
                    .isZero();
            return overdue.getLast();
        }
    }

    private static Stream<Instant> deadlines(List<TaskRequest> requests) {
        return requests.stream().map(TaskRequest::getDeadline);
    }

    private static void assertNothingIsViolated() throws Exception {
        var recording =
                new ClusterRecording(installation.bootstrapServers(), new HttpSchemaRegistry(installation.registry()));
        assertThat(Rest.await(recording, Duration.ofSeconds(30))).isTrue();
        var result = Checker.check(recording, TokenKeys.loadOrCreate(installation.tokenKeys()));
        assertThat(result.unrest()).isEmpty();
        assertThat(result.violations()).isEmpty();
    }
}
