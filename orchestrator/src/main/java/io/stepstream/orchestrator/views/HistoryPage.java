package io.stepstream.orchestrator.views;

import io.stepstream.schemas.avro.Event;
import io.stepstream.schemas.avro.HistoryRecord;
import java.util.List;

/**
 * Some history events of one execution, in the order asked for.
 *
 * @param more whether there are events after these
 */
public record HistoryPage(List<StoredEvent> events, boolean more) {

    /** An event, and the record that holds its payloads and its time. */
    public record StoredEvent(Event event, HistoryRecord step) {}

    /** Which end of the history comes first. */
    public enum Order {
        OLDEST_FIRST,
        NEWEST_FIRST
    }
}
