package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.execution.Limits;
import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.orchestrator.rows.avro.TaskNameSpread;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.CreateActivity;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.RegisterTask;
import io.stepstream.schemas.avro.TaskNameAnnounced;
import io.stepstream.schemas.avro.TaskNameKnown;
import io.stepstream.schemas.avro.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever registers a task name is answered once every partition knows it. The test driver's one task is told of all three. */
class TaskNameSpreadingTest {
    private static final int PARTITIONS = 3;

    /** Its commands are in partition 0, the only one that the test driver has. */
    private static final String NAME = IntStream.range(0, 100)
            .mapToObj("work-%d"::formatted)
            .filter(name -> Topics.partitionOf(Arns.DEFAULT.activity(name), PARTITIONS) == 0)
            .findFirst()
            .orElseThrow();

    private static final String ACTIVITY = Arns.DEFAULT.activity(NAME);

    private final EngineUnderTest engine = new EngineUnderTest(PARTITIONS, Limits.DEFAULT);

    TaskNameSpreadingTest() {
        engine.taskTopics.add(NAME);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private void send(Object body) {
        engine.send(Topics.COMMANDS, ACTIVITY, new Command(engine.caller(), body));
    }

    private static CreateActivity create() {
        return new CreateActivity(ACTIVITY, NAME, "{}", Map.of());
    }

    private List<Verdict> verdicts() {
        return engine.read(Topics.VERDICTS, Verdict.class);
    }

    private boolean isKnownHere() {
        return engine.get(RowKeys.taskName(Arns.executionId(LimitKeys.task(NAME)))) != null;
    }

    /** The partitions that were told, and those that have answered. */
    private List<String> told() {
        return engine.read(Topics.INTERNAL, Internal.class).stream()
                .map(internal -> switch (internal.getBody()) {
                    case TaskNameAnnounced news -> "tell " + news.getPartition();
                    case TaskNameKnown answer -> "known " + answer.getPartition();
                    default -> internal.getBody().getClass().getSimpleName();
                })
                .sorted()
                .toList();
    }

    @Test
    void everyPartitionIsToldOnceAndThenTheCommandIsAnswered() {
        send(create());
        engine.tick();
        assertThat(told()).containsExactly("known 0", "known 1", "known 2", "tell 0", "tell 1", "tell 2");
        assertThat(verdicts()).hasSize(1).allMatch(verdict -> verdict.getRefusal() == null);
        assertThat(isKnownHere()).isTrue();

        send(create());
        send(new RegisterTask(NAME));
        engine.tick();
        assertThat(told()).isEmpty();
        assertThat(verdicts()).hasSize(2).allMatch(verdict -> verdict.getRefusal() == null);
        engine.advance(Duration.ofMinutes(1));
        assertThat(verdicts()).isEmpty();
        assertThat(engine.size(EngineTopology.TIMERS)).isZero();
    }

    @Test
    void twoThatAskAtOnceAreBothAnswered() {
        engine.taskTopics.remove(NAME);
        send(create());
        send(new RegisterTask(NAME));
        engine.tick();
        assertThat(verdicts()).isEmpty();
        engine.taskTopics.add(NAME);
        engine.advance(Duration.ofMillis(50));
        assertThat(verdicts()).hasSize(2).allMatch(verdict -> verdict.getRefusal() == null);
        engine.advance(Duration.ofMinutes(1));
        assertThat(verdicts()).isEmpty();
    }

    /** What was told to a partition that stood still is gone from its topic when an engine works on it again. */
    @Test
    void aNewCommandTellsThoseAgainThatHaveNotAnswered() {
        engine.put(
                RowKeys.taskNameSpread(Arns.executionId(ACTIVITY)),
                OtherRows.encode(new TaskNameSpread(List.of(0, 2))));
        send(create());
        engine.tick();
        assertThat(told()).containsExactly("known 0", "known 2", "tell 0", "tell 2");
        assertThat(verdicts()).hasSize(1).allMatch(verdict -> verdict.getRefusal() == null);
    }

    /** The letters cannot be read while the registry is away; the command waits for that, but not for ever. */
    @Test
    void withoutAllAnswersTheCommandIsRefusedAndCanBeGivenAgain() {
        send(new RegisterTask("a b"));
        engine.tick();
        assertThat(verdicts()).hasSize(1);
        // The schema of commands is known by now, that of letters is not.
        engine.registry.away = true;
        send(create());
        engine.advance(Duration.ofSeconds(9));
        assertThat(verdicts()).isEmpty();
        engine.advance(Duration.ofSeconds(3));
        assertThat(verdicts()).hasSize(1).allSatisfy(verdict -> {
            assertThat(verdict.getRefusal()).isEqualTo("TASK_TOPIC_MISSING");
            assertThat(verdict.getMessage())
                    .isEqualTo("partitions [0, 1, 2] have not heard of the task " + NAME
                            + " within 10 s: no orchestrator works on them now. Try again");
        });
        assertThat(isKnownHere()).isFalse();

        engine.registry.away = false;
        engine.advance(Duration.ofSeconds(1));
        send(create());
        engine.tick();
        assertThat(verdicts()).hasSize(1).allMatch(verdict -> verdict.getRefusal() == null);
    }
}
