package io.stepstream.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.chaos.world.Dice;
import io.stepstream.schemas.Topics;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of a log that goes on nothing is called lost; of one that does not, what waits is stuck. */
class UnrestTest {
    private static final Dice DICE = new Dice(4);
    private static final int ERRANDS = 100;
    private static final Duration BEGUN = Duration.ofSeconds(4);

    private static Checker.Result check(SimulatedWorld world) {
        return Checker.check(world.recording(), world.tokens);
    }

    /** Cut off anywhere: what is open is counted, and no rule is said to be broken. */
    @ParameterizedTest
    @ValueSource(ints = {500, 1500, 2500, 4000, 5500, 7000, 9000, 12_000})
    void whatGoesOnIsNoViolation(int millis) {
        try (var world = new SimulatedWorld(DICE, Bug.NONE).run(ERRANDS, Duration.ofMillis(millis))) {
            var result = check(world);
            assertThat(result.violations()).isEmpty();
            var unrest = result.unrest().orElseThrow();
            assertThat(unrest.log()).isEqualTo(Unrest.Log.STOOD_STILL);
            assertThat(unrest.running()).isPositive();
            assertThat(unrest.timers()).isPositive();
        }
    }

    @Test
    void whatIsQueuedAtLimitsIsCounted() {
        try (var world = new SimulatedWorld(DICE, Bug.NONE).run(ERRANDS, BEGUN)) {
            assertThat(check(world).unrest().orElseThrow().queued()).isPositive();
        }
    }

    /** A promise that is broken already is so, whatever comes. */
    @Test
    void whatIsBrokenIsFoundThoughItGoesOn() {
        try (var world = new SimulatedWorld(DICE, Bug.NONE).run(ERRANDS, BEGUN)) {
            LogBug.A_REQUEST_SENT_TWICE.tamper(world);
            var result = check(world);
            assertThat(result.unrest()).isPresent();
            assertThat(result.violations()).extracting(Violation::rule).containsOnly(Rule.EFFECT);
        }
    }

    /** The same log, when no timer of it can fire any more and nothing is to be read: nobody will end what has not ended. */
    @Test
    void whatIsOpenWhenNothingGoesOnIsStuck() {
        try (var world = new SimulatedWorld(DICE, Bug.NONE).run(ERRANDS, BEGUN)) {
            world.recording().seenAt(world.now().plus(Duration.ofMinutes(5)));
            var result = check(world);
            assertThat(result.unrest()).isEmpty();
            assertThat(result.violations()).extracting(Violation::rule).contains(Rule.END, Rule.TIMER);
        }
    }

    @Test
    void commandsThatAreUnreadMayStillBeObeyed() {
        try (var world = new SimulatedWorld(DICE, Bug.NONE).run(20)) {
            world.recording().removeLast(Topics.VERDICTS, _ -> true);
            assertThat(check(world).violations()).extracting(Violation::rule).containsExactly(Rule.VERDICT);
            world.recording().seen(new Moment(world.now(), Set.of(), 1, 0));
            var result = check(world);
            assertThat(result.violations()).isEmpty();
            assertThat(result.unrest().orElseThrow().unread()).isEqualTo(1);
        }
    }

    /** Behind an open transaction lies what nobody can read, in this partition and not in another. */
    @Test
    void nothingIsToldOfALogWithOpenTransactions() {
        try (var world = new SimulatedWorld(DICE, Bug.NONE).run(20)) {
            LogBug.A_REQUEST_SENT_TWICE.tamper(world);
            world.recording().seen(new Moment(world.now(), Set.of(), 0, 2));
            var result = check(world);
            assertThat(result.violations()).isEmpty();
            var unrest = result.unrest().orElseThrow();
            assertThat(unrest.log()).isEqualTo(Unrest.Log.MOVED);
            assertThat(unrest).asString().endsWith("transactions open in 2 partitions");
        }
    }

    /** What is appended while other topics have been read. */
    @Test
    void nothingIsToldOfALogThatMoves() {
        try (var world = new SimulatedWorld(DICE, Bug.NONE).run(20)) {
            LogBug.A_REQUEST_SENT_TWICE.tamper(world);
            var result = Checker.check(world.recording().moving(), world.tokens);
            assertThat(result.violations()).isEmpty();
            assertThat(result.unrest().orElseThrow().log()).isEqualTo(Unrest.Log.MOVED);
        }
    }
}
