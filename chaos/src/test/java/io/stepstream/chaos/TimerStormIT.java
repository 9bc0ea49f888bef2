package io.stepstream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.chaos.fault.Installation;
import io.stepstream.chaos.fault.Layout;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backlog of very many commands drains, in an engine whose heap (256 MiB) would not hold it; and very many timers that are due in one
 * second fire within seconds, in transactions that do not time out, while commands go on. With {@code -Dstorm.timers=100000 -Dstorm.lead=240} it
 * is what docs/chaos.md tells the figures of.
 */
class TimerStormIT {
    private static final int TIMERS = Integer.getInteger("storm.timers", 2000);
    private static final Duration LEAD = Duration.ofSeconds(Integer.getInteger("storm.lead", 25));
    private static final Duration WITHIN = Duration.ofSeconds(Integer.getInteger("storm.within", 10));
    private static final int COMMANDS = 50;

    @TempDir
    Path folder;

    @Test
    void allFireWithinSeconds() throws Exception {
        try (var installation = Installation.start(new Layout(1, 1, 2, folder));
                var client = new Client(installation, List.of("work"))) {
            var due = Instant.now().plus(LEAD).truncatedTo(ChronoUnit.SECONDS);
            var revision = client.create(
                    "storm",
                    """
                    {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Timestamp": "%s", "End": true}}}""".formatted(due));
            installation.pauseEngine(0);
            for (var i = 0; i < TIMERS; i++) {
                client.start("storm", revision, "e" + i);
            }
            client.flush();
            installation.resumeEngine(0);
            var resumed = Instant.now();
            client.started(TIMERS);
            System.out.println("a backlog of " + TIMERS + " commands was drained within "
                    + Duration.between(resumed, Instant.now()).toMillis() + " ms");
            assertThat(Instant.now()).as("the timers were not set in time").isBefore(due);
            client.passTimeUntil(due);
            // These wait for a time that has passed: they end as soon as their command has been read.
            for (var i = 0; i < COMMANDS; i++) {
                client.start("storm", revision, "late" + i);
            }
            client.ends(TIMERS + COMMANDS);
            var last = client.endTimes().stream().max(Instant::compareTo).orElseThrow();
            var took = Duration.between(due, last);
            System.out.println(TIMERS + " timers due in one second fired within " + took.toMillis() + " ms");
            assertThat(took).isLessThan(WITHIN);
        }
    }
}
