package io.stepstream.audit.report;

import io.stepstream.audit.records.EventDetails;
import io.stepstream.audit.records.ShownPayloads;
import io.stepstream.schemas.avro.Event;
import io.stepstream.schemas.avro.HistoryRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Follows executions whose tasks timed out to the state that they go on to, over as many steps as it takes. */
final class Escalations {
    /** By executionId, then by the id of the event that the next one is to follow. */
    private final Map<String, Map<Long, Consumer<String>>> followed = new HashMap<>();

    /**
     * Follows from the event of a timeout in this record on.
     *
     * @param found told of the state that was gone on to, if one is
     */
    void follow(String executionId, HistoryRecord record, Consumer<String> found) {
        record.getEvents().stream()
                .filter(event ->
                        event.getType().endsWith("TimedOut") && !event.getType().startsWith("Execution"))
                .findFirst()
                .ifPresent(event -> followed.computeIfAbsent(executionId, _ -> new HashMap<>())
                        .put(event.getId(), found));
    }

    /** Takes the events of a record, after whatever is to be followed from it. */
    void take(String executionId, HistoryRecord record) {
        var waiting = followed.get(executionId);
        if (waiting == null) {
            return;
        }
        for (var event : record.getEvents()) {
            var found = Optional.ofNullable(waiting.remove(event.getPreviousEventId()));
            found.ifPresent(then -> goOn(event, record, then, waiting));
            if (event.getType().startsWith("Execution")) {
                waiting.clear();
            }
        }
        if (waiting.isEmpty()) {
            followed.remove(executionId);
        }
    }

    private static void goOn(
            Event event, HistoryRecord record, Consumer<String> found, Map<Long, Consumer<String>> waiting) {
        if (event.getType().endsWith("StateEntered")) {
            found.accept(
                    EventDetails.text(event, "name", ShownPayloads.of(record)).orElse(""));
        } else if (event.getType().endsWith("StateExited")) {
            waiting.put(event.getId(), found);
        }
    }
}
