package io.stepstream.orchestrator.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.orchestrator.views.Progress.Polled;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final TopicPartition PARTITION = new TopicPartition("log", 0);

    private final Object consumer = new Object();
    private final Progress progress = new Progress();

    @Test
    void nothingIsReachedBeforeThePartitionIsAssigned() throws Exception {
        progress.applied(PARTITION, 7);
        assertReached(0, false);
    }

    @Test
    void anIdlePartitionIsReachedAtOnceThoughItsLogEndsWithAMarker() throws Exception {
        polled(Polled.none(10));
        assertReached(10, true);
        assertReached(11, false);
    }

    @Test
    void whatWasPolledCountsWhenItIsApplied() throws Exception {
        // Records 3 to 5, a marker at 6.
        polled(new Polled(3, 5, 7));
        assertReached(3, true);
        assertReached(4, false);
        progress.applied(PARTITION, 3);
        assertReached(4, true);
        assertReached(5, false);
        progress.applied(PARTITION, 5);
        assertReached(7, true);
        assertReached(8, false);
    }

    @Test
    void aMarkerPolledLaterDoesNotCountForRecordsThatAreNotApplied() throws Exception {
        polled(new Polled(3, 5, 6));
        polled(Polled.none(7));
        progress.applied(PARTITION, 4);
        assertReached(6, false);
        progress.applied(PARTITION, 5);
        assertReached(7, true);
    }

    @Test
    void anotherConsumerBeginsWhereItBegins() throws Exception {
        polled(Polled.none(10));
        progress.polled(new Object(), Set.of(PARTITION), Map.of(PARTITION, new Polled(4, 9, 10)));
        assertReached(5, false);
        assertThat(progress.isTracked(consumer, PARTITION)).isFalse();
        progress.polled(consumer, Set.of(), Map.of());
        assertReached(4, true);
    }

    @Test
    void aRevokedPartitionIsForgotten() throws Exception {
        polled(Polled.none(10));
        progress.polled(consumer, Set.of(), Map.of());
        assertReached(0, false);
    }

    private void polled(Polled polled) {
        progress.polled(consumer, Set.of(PARTITION), Map.of(PARTITION, polled));
    }

    private void assertReached(long end, boolean expected) throws InterruptedException {
        assertThat(progress.await(PARTITION, end, Duration.ZERO))
                .as("everything before %s is there", end)
                .isEqualTo(expected);
    }
}
