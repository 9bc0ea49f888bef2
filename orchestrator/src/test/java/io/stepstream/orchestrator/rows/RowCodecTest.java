package io.stepstream.orchestrator.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rows come back from their bytes as they were; {@link ReleasedRowsTest} reads those of released versions. */
class RowCodecTest {
    private static final int ROUNDS = 2_000;

    @Test
    void everyRowComesBackAsItWas() {
        var seed = new Random().nextLong();
        var random = new Random(seed);
        for (var i = 0; i < ROUNDS; i++) {
            var packed = SampleRows.packed(random);
            assertThat(RowCodec.execution(RowCodec.encode(packed)))
                    .as("seed %d", seed)
                    .isEqualTo(packed);
            var frame = SampleRows.frame(random);
            assertThat(RowCodec.frame(RowCodec.encode(frame)))
                    .as("seed %d", seed)
                    .isEqualTo(frame);
            var wait = SampleRows.waiting(random);
            assertThat(RowCodec.waiting(RowCodec.encode(wait)))
                    .as("seed %d", seed)
                    .isEqualTo(wait);
            var verdict = SampleRows.verdict(random);
            assertThat(RowCodec.verdict(RowCodec.encode(verdict)))
                    .as("seed %d", seed)
                    .isEqualTo(verdict);
        }
    }
}
