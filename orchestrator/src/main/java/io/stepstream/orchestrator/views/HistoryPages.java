package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.views.HistoryPage.Order;
import io.stepstream.orchestrator.views.HistoryPage.StoredEvent;
import io.stepstream.orchestrator.views.HistoryReader.StoredStep;
import io.stepstream.orchestrator.views.avro.IndexedStep;
import io.stepstream.schemas.avro.Event;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Cuts pages out of an execution's history: the index says which records hold them, the topic gives those. */
final class HistoryPages {

    /** Records read at once, and encoded bytes after which a page ends early: a page of large payloads is a short one. */
    private static final int CHUNK = 64;

    private static final int PAGE_BYTES = 4 * 1024 * 1024;

    private final ReadOnlyKeyValueStore<byte[], byte[]> index;
    private final Steps topic;

    /** Gives the steps at these offsets of the execution's partition. */
    @FunctionalInterface
    interface Steps {
        Map<Long, StoredStep> read(Collection<Long> offsets) throws InterruptedException;
    }

    HistoryPages(ReadOnlyKeyValueStore<byte[], byte[]> index, Steps topic) {
        this.index = index;
        this.topic = topic;
    }

    /**
     * Up to {@code limit} events beyond the event {@code after}, or from the start of the order if that is 0.
     *
     * @return empty if the execution is not known
     */
    Optional<HistoryPage> page(String executionId, long after, int limit, Order order) throws InterruptedException {
        if (!isKnown(executionId)) {
            return Optional.empty();
        }
        var events = new ArrayList<StoredEvent>();
        var bytes = 0L;
        try (var steps = steps(executionId, after, order)) {
            while (steps.hasNext()) {
                var chunk = chunk(steps, limit - events.size());
                var records =
                        topic.read(chunk.stream().map(IndexedStep::getOffset).toList());
                for (var step : chunk) {
                    var record = stored(records, step);
                    if (bytes > 0 && bytes + record.bytes() > PAGE_BYTES) {
                        return Optional.of(new HistoryPage(events, true));
                    }
                    bytes += record.bytes();
                    for (var event : inOrder(record.record().getEvents(), order)) {
                        if (isBeyond(event.getId(), after, order)) {
                            if (events.size() == limit) {
                                return Optional.of(new HistoryPage(events, true));
                            }
                            events.add(new StoredEvent(event, record.record()));
                        }
                    }
                }
            }
        }
        return Optional.of(new HistoryPage(events, false));
    }

    private boolean isKnown(String executionId) {
        try (var any = index.range(ViewKeys.key(executionId, 0), ViewKeys.last(executionId))) {
            return any.hasNext();
        }
    }

    private KeyValueIterator<byte[], byte[]> steps(String executionId, long after, Order order) {
        return switch (order) {
            case OLDEST_FIRST ->
                index.range(ViewKeys.key(executionId, firstOfStepWith(executionId, after)), ViewKeys.last(executionId));
            case NEWEST_FIRST ->
                index.reverseRange(
                        ViewKeys.key(executionId, 0),
                        after == 0 ? ViewKeys.last(executionId) : ViewKeys.key(executionId, after - 1));
        };
    }

    /** The first event of the step in which this event is: a page may begin within a step. */
    private long firstOfStepWith(String executionId, long event) {
        try (var steps = index.reverseRange(ViewKeys.key(executionId, 0), ViewKeys.key(executionId, event))) {
            return steps.hasNext() ? ViewRows.step(steps.next().value).getFirstEventId() : 0;
        }
    }

    /** The next steps, until they have more events than are needed, so that it shows whether there are more. */
    private static List<IndexedStep> chunk(KeyValueIterator<byte[], byte[]> steps, int needed) {
        var chunk = new ArrayList<IndexedStep>();
        var events = 0;
        while (steps.hasNext() && chunk.size() < CHUNK && events <= needed) {
            var step = ViewRows.step(steps.next().value);
            chunk.add(step);
            events += step.getEvents();
        }
        return chunk;
    }

    private static StoredStep stored(Map<Long, StoredStep> records, IndexedStep step) {
        var record = records.get(step.getOffset());
        if (record == null) {
            throw new IllegalStateException("The history reader left out offset " + step.getOffset());
        }
        return record;
    }

    private static List<Event> inOrder(List<Event> events, Order order) {
        return switch (order) {
            case OLDEST_FIRST -> events;
            case NEWEST_FIRST -> events.reversed();
        };
    }

    private static boolean isBeyond(long event, long after, Order order) {
        return switch (order) {
            case OLDEST_FIRST -> event > after;
            case NEWEST_FIRST -> after == 0 || event < after;
        };
    }
}
