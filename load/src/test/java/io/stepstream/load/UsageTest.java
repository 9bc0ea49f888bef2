package io.stepstream.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class UsageTest {
    @Test
    void a_process_that_has_ended_takes_nothing_of_what_the_others_used() {
        var before = new Usage.Reading(Map.of("engine", 10.0), Map.of(1L, 10.0, 2L, 50.0), 70, 200);
        var after = new Usage.Reading(Map.of("engine", 14.0, "gateway", 1.0), Map.of(1L, 14.0, 3L, 1.0), 77, 210);

        var used = before.until(after);

        assertThat(used).isEqualTo(new Usage(Map.of("engine", 4.0, "gateway", 1.0), 5, 7, 10));
        assertThat(used.foreignShare()).isEqualTo(0.2);
        assertThat(Usage.NONE.plus(used).plus(used))
                .isEqualTo(new Usage(Map.of("engine", 8.0, "gateway", 2.0), 10, 14, 20));
    }
}
