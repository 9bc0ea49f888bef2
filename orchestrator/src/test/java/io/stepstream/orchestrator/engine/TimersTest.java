package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.execution.TimerKind;
import io.stepstream.orchestrator.rows.RowKeys.TimerKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/** The pauses of a partition's timers: a clock that is set back an hour makes none of them longer than it was to be. */
class TimersTest {
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String ID = "0123456789abcdef0123456789abcdef";

    private final List<Long> fired = new ArrayList<>();
    private final List<Long> barriers = new ArrayList<>();
    private final List<Long> overdue = new ArrayList<>();
    private boolean isTooEarly;
    private final Timers timers = new Timers(
            Stores.inMemoryKeyValueStore("timers").get(),
            new Timers.Alarm() {
                @Override
                public void fire(TimerKey timer, Timers.Kind kind) throws NotYet {
                    if (isTooEarly) {
                        throw new NotYet("its definition is on its way");
                    }
                    fired.add(timer.ticket());
                }

                @Override
                public void sendBarrier(long id, Instant now) {
                    barriers.add(id);
                }
            },
            overdue::add,
            0,
            () -> 0);

    @Test
    void aTimerThatHadToWaitFiresSoon() {
        timers.start(ID, 1, START.minus(HOUR.multipliedBy(2)), TimerKind.WAKE);
        isTooEarly = true;
        timers.tick(START);
        isTooEarly = false;
        timers.tick(START.plusMillis(50));
        assertThat(fired).isEmpty();
        timers.tick(START.minus(HOUR));
        assertThat(fired).containsExactly(1L);
    }

    @Test
    void aDeadlineThatHadToWaitFiresSoon() {
        timers.start(ID, 1, START.minus(HOUR.multipliedBy(2)), TimerKind.DEADLINE);
        timers.tick(START);
        timers.barrierRead(barriers.getLast(), START, START);
        isTooEarly = true;
        timers.tick(START);
        isTooEarly = false;
        timers.tick(START.plusMillis(50));
        assertThat(fired).isEmpty();
        timers.tick(START.minus(HOUR));
        assertThat(fired).containsExactly(1L);
    }

    @Test
    void aBarrierThatIsLostIsSentAgain() {
        timers.start(ID, 1, START.minus(HOUR.multipliedBy(2)), TimerKind.DEADLINE);
        timers.tick(START);
        timers.tick(START.plusSeconds(1));
        assertThat(barriers).hasSize(1);
        timers.tick(START.minus(HOUR));
        assertThat(barriers).hasSize(2);
    }

    /** The broker's clock was behind the deadline, so that its barrier said nothing yet. */
    @Test
    void aBarrierThatWasTooEarlyIsSentAgain() {
        timers.start(ID, 1, START.minus(HOUR.multipliedBy(2)), TimerKind.DEADLINE);
        timers.tick(START);
        timers.barrierRead(barriers.getLast(), START.minus(HOUR.multipliedBy(3)), START);
        timers.tick(START.plusMillis(500));
        assertThat(barriers).hasSize(1);
        timers.tick(START.minus(HOUR));
        assertThat(barriers).hasSize(2);
    }

    @Test
    void howLateTimersFireIsTold() {
        timers.start(ID, 1, START, TimerKind.WAKE);
        timers.start(ID, 2, START.plusMillis(40), TimerKind.DEADLINE);
        timers.tick(START.plusMillis(100));
        timers.barrierRead(barriers.getLast(), START.plusMillis(110), START.plusMillis(130));
        timers.tick(START.plusMillis(150));
        assertThat(fired).containsExactly(1L, 2L);
        assertThat(overdue).containsExactly(100L, 110L);
    }
}
