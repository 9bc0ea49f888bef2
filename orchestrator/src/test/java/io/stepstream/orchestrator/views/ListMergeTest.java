package io.stepstream.orchestrator.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.orchestrator.views.avro.ListedExecution;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pages of several partitions as one list. */
class ListMergeTest {

    private static Position at(long millis) {
        return new Position(millis, "%032x".formatted(millis));
    }

    private static ListPage page(Optional<Position> next, long... starts) {
        return new ListPage(Arrays.stream(starts).mapToObj(ListMergeTest::entry).toList(), next);
    }

    private static ListPage.Entry entry(long start) {
        var execution = new ListedExecution(
                "arn" + start,
                "n",
                "m",
                "RUNNING",
                Instant.ofEpochMilli(start),
                null,
                null,
                null,
                null,
                null,
                0,
                null,
                null,
                null,
                "");
        return new ListPage.Entry(at(start), execution);
    }

    private static List<Long> starts(ListPage page) {
        return page.executions().stream()
                .map(entry -> entry.position().startMillis())
                .toList();
    }

    @Test
    void theLatestComeFirstAndTheRestIsAnotherPage() {
        var merged = ListMerge.of(List.of(page(Optional.empty(), 9, 5), page(Optional.empty(), 8, 1)), 3);
        assertThat(starts(merged)).containsExactly(9L, 8L, 5L);
        assertThat(merged.next()).contains(at(5));
    }

    @Test
    void nothingIsToldBehindWhereAPageWasCut() {
        var cut = page(Optional.of(at(7)), 9, 7);
        var merged = ListMerge.of(List.of(cut, page(Optional.empty(), 8, 6)), 10);
        assertThat(starts(merged)).containsExactly(9L, 8L, 7L);
        assertThat(merged.next()).contains(at(7));
    }

    @Test
    void whatIsWholeHasNoNextPage() {
        var merged = ListMerge.of(List.of(page(Optional.empty(), 2), page(Optional.empty())), 10);
        assertThat(starts(merged)).containsExactly(2L);
        assertThat(merged.next()).isEmpty();
    }
}
