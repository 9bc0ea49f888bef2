package io.stepstream.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.audit.log.LogRecord;
import io.stepstream.chaos.world.Dice;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.AskForTurn;
import io.stepstream.schemas.avro.EndTurn;
import io.stepstream.schemas.avro.Internal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checker says nothing of an engine that is right, and finds each of the bugs that are planted. */
class PlantedBugsTest {
    private static final Dice DICE = new Dice(4);
    private static final int ERRANDS = 150;

    private static SimulatedWorld right;

    @BeforeAll
    static void run() {
        right = new SimulatedWorld(DICE, Bug.NONE).run(ERRANDS);
    }

    @AfterAll
    static void close() {
        right.close();
    }

    @Test
    void anEngineThatIsRightHasNoViolations() {
        var result = Checker.check(right.recording(), right.tokens);
        assertThat(result.unrest()).isEmpty();
        assertThat(result.violations()).isEmpty();
        assertThat(result.executions()).isGreaterThan(ERRANDS);
        assertThat(result.tasks()).isGreaterThan(ERRANDS);
        assertThat(result.redriven()).isGreaterThan(5);
        assertThat(result.paused()).isGreaterThan(5);
    }

    /** A delivery that is repeated is no bug, and neither is a record that is read twice. */
    @Test
    void whatIsReadTwiceTakesEffectOnce() {
        try (var world = new SimulatedWorld(DICE, Bug.NONE).run(40)) {
            for (var topic : List.of(Topics.COMMANDS, Topics.TASK_RESULTS, Topics.INTERNAL)) {
                List.copyOf(world.recording().of(topic)).stream()
                        .filter(record -> record.key().isPresent() && !isForALimit(world, topic, record))
                        .forEach(record -> world.readAgain(topic, record));
            }
            world.recording().remove(Topics.VERDICTS, _ -> true);
            assertThat(Checker.check(world.recording(), world.tokens).violations())
                    .allSatisfy(violation -> assertThat(violation.rule()).isEqualTo(Rule.VERDICT));
        }
    }

    /** A limit's home keeps nothing of what is over, and could not tell that it has read of it before: Kafka's transactions do. */
    private static boolean isForALimit(SimulatedWorld world, String topic, LogRecord record) {
        return topic.equals(Topics.INTERNAL)
                && switch (world.decode(record.value().orElseThrow().get(), Internal.class)
                        .getBody()) {
                    case AskForTurn _, EndTurn _ -> true;
                    default -> false;
                };
    }

    @ParameterizedTest
    @EnumSource
    void isFound(EngineBug planted) {
        try (var world = new SimulatedWorld(DICE, planted.plant()).run(ERRANDS)) {
            assertFound(planted.broken(), world);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isFound(LogBug planted) {
        var before = right.recording().copy();
        planted.tamper(right);
        assertFound(planted.broken(), right);
        right.recording(before);
    }

    private static void assertFound(Rule broken, SimulatedWorld world) {
        // When no timer can still fire.
        world.recording().seenAt(world.now().plus(Duration.ofMinutes(2)));
        var result = Checker.check(world.recording(), world.tokens);
        assertThat(result.unrest()).as("what goes on by itself").isEmpty();
        assertThat(result.violations()).extracting(Violation::rule).contains(broken);
    }
}
