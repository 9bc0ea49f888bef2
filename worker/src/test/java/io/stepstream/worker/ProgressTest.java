package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class ProgressTest {

    @Test
    void theOldestThatIsNotDoneIsCommittedAndWhatIsBehindItRemembered() {
        var progress = Progress.from(10);
        assertThat(progress.begin(10)).isEqualTo(1);
        assertThat(progress.begin(11)).isEqualTo(1);
        // 12 is the mark of a transaction: nobody ever sees it.
        assertThat(progress.begin(13)).isEqualTo(1);
        progress.finish(11);
        assertThat(progress.commitment()).isEqualTo(new OffsetAndMetadata(10, "0:1,1:0,3:1"));

        var next = Progress.of(progress.commitment());
        assertThat(next.begin(10)).isEqualTo(2);
        assertThat(next.isDone(11)).isTrue();
        assertThat(next.isDone(13)).isFalse();
        next.finish(10);
        assertThat(next.commitment()).isEqualTo(new OffsetAndMetadata(13, "0:1"));
        next.finish(13);
        assertThat(next.commitment()).isEqualTo(new OffsetAndMetadata(14, ""));
        assertThat(next.isDone(13)).isTrue();
    }

    @Test
    void itsMetadataFitsTheBroker() {
        var progress = Progress.from(0);
        long offset = 0;
        while (progress.hasRoom()) {
            // Far apart, as between large transactions, and often begun.
            for (int i = 0; i < 100; i++) {
                progress.begin(offset);
            }
            offset += 5000;
        }
        assertThat(progress.commitment().metadata().length()).isLessThan(4096);
    }

    @Test
    void anotherProgramsMetadataIsNobodysProgress() {
        var progress = Progress.of(new OffsetAndMetadata(5, "moved by hand, 1:x"));
        assertThat(progress.commitment()).isEqualTo(new OffsetAndMetadata(5, ""));
    }
}
