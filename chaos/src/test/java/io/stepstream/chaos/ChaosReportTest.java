package io.stepstream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.chaos.check.Checker;
import io.stepstream.chaos.check.Place;
import io.stepstream.chaos.check.Rule;
import io.stepstream.chaos.check.Unrest;
import io.stepstream.chaos.check.Violation;
import io.stepstream.chaos.fault.Fault;
import io.stepstream.chaos.fault.FaultPlan;
import io.stepstream.chaos.fault.Layout;
import io.stepstream.chaos.world.Unsent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The last line of a run, by what has become of it. */
class ChaosReportTest {
    private static final Violation VIOLATION =
            new Violation(Rule.EFFECT, new Place("stepstream.internal", 0, 7), "an execution", "it is here twice");

    private static String line(Optional<Unrest> unrest, Violation... violations) {
        return line(List.of(), unrest, violations);
    }

    private static String line(List<Unsent> unsent, Optional<Unrest> unrest, Violation... violations) {
        return new ChaosReport(
                        new ChaosSettings(
                                7,
                                Duration.ofMinutes(1),
                                8,
                                new Layout(3, 3, 4, Path.of("nowhere"), Layout.SHORT_RUN),
                                new FaultPlan(Set.of(), List.of(), Duration.ZERO)),
                        90,
                        unsent,
                        Map.of(Fault.ENGINE_KILLED, 2),
                        Optional.of(Duration.ofMillis(6700)),
                        new Checker.Result(90, 40, 3, 2, 70, 0, unrest, List.of(violations)))
                .line();
    }

    private static Optional<Unrest> unrest(Unrest.Log log) {
        return Optional.of(new Unrest(12, 5, 9, 31, 0, log));
    }

    @Test
    void ofALogAtRest() {
        assertThat(line(Optional.empty()))
                .isEqualTo("seed 7: 90 commands, 40 executions (3 redriven, 2 paused), 70 tasks; 3 brokers, 3 engines;"
                        + " faults: engine killed 2; resumed within 6.7 s of a kill; violations: 0");
        assertThat(line(Optional.empty(), VIOLATION)).endsWith("; violations: 1");
    }

    @Test
    void ofWhatCouldNotBeSent() {
        assertThat(line(
                        List.of(
                                new Unsent(2, "TimeoutException: Topic t not present in metadata after 60000 ms."),
                                new Unsent(1, "UnknownServerException: Why")),
                        Optional.empty()))
                .startsWith("seed 7: 90 commands (2 unsent: TimeoutException: Topic t not present in metadata after"
                        + " 60000 ms.; 1 unsent: UnknownServerException: Why), 40 executions");
    }

    @Test
    void ofALogThatIsNot() {
        assertThat(line(unrest(Unrest.Log.STOOD_STILL), VIOLATION))
                .endsWith("; not at rest: 12 executions running, 5 queued at limits, 9 timers to fire, 31 commands"
                        + " unread, transactions open in 0 partitions; violations so far: 1");
        assertThat(line(unrest(Unrest.Log.MOVED)))
                .endsWith("; violations: none can be told while the log moves")
                .doesNotContain("violations: 0");
    }
}
