package io.stepstream.asl.execution;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeededRandomTest {

    /** What the authors' own program prints for this seed: recorded seeds must give the same numbers for ever. */
    @Test
    void isSplitMix64() {
        var random = new SeededRandom(1234567);
        assertThat(new long[] {
                    random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()
                })
                .containsExactly(
                        Long.parseUnsignedLong("6457827717110365317"),
                        Long.parseUnsignedLong("3203168211198807973"),
                        Long.parseUnsignedLong("9817491932198370423"),
                        Long.parseUnsignedLong("4593380528125082431"),
                        Long.parseUnsignedLong("16408922859458223821"));
    }
}
