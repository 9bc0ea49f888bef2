package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What AWS calls a history event. Its time is its step's.
 *
 * @param id from 1, without gaps, within the execution
 * @param previousEventId the event this one follows in its branch; 0 for the first state's entry
 * @param type AWS's name of the event's type
 * @param details the fields of the event's details, by AWS's names, in AWS's order; empty where AWS has no details
 */
public record HistoryEvent(long id, long previousEventId, HistoryEventType type, Map<String, Detail> details) {

    public HistoryEvent {
        details = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** The value of one field of an event's details. */
    public sealed interface Detail {
        /** A string, as it is. */
        record Text(String value) implements Detail {}

        /** A whole number. */
        record Number(long value) implements Detail {}

        /** A payload: JSON text at the API, with {@code <field>Details: {truncated: false}} beside it where AWS has that. */
        record Data(Document value) implements Detail {}

        /** Nested fields, such as {@code assignedVariables}. */
        record Fields(Map<String, Detail> value) implements Detail {}
    }
}
