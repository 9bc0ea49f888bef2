package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Writes history events: numbers them, chains them, and stops at the most events that an execution may have. */
final class History {
    private final Workspace workspace;
    private final Limits limits;
    private final Map<Long, Long> causes = new HashMap<>();
    private boolean exhausted;

    History(Workspace workspace, Limits limits) {
        this.workspace = workspace;
        this.limits = limits;
    }

    /**
     * Appends an event.
     *
     * @return its id; the previous one's if the history is exhausted, of which only the execution's end can still be told
     */
    long add(long previousEventId, HistoryEventType type, Details details) {
        if (exhausted || workspace.nextEventId() >= limits.historyEvents()) {
            exhausted = true;
            return previousEventId;
        }
        return append(previousEventId, type, details);
    }

    /** Appends the event that ends the execution, for which there is always room. */
    void addLast(long previousEventId, HistoryEventType type, Details details) {
        append(previousEventId, type, details);
    }

    /** Whether an event has been left out because the execution has too many. */
    boolean exhausted() {
        return exhausted;
    }

    /** The event that an event of this step follows; of an earlier step's event, itself. */
    long causeOf(long eventId) {
        return causes.getOrDefault(eventId, eventId);
    }

    private long append(long previousEventId, HistoryEventType type, Details details) {
        var id = workspace.takeEventId();
        causes.put(id, previousEventId);
        details.fields.values().forEach(this::count);
        workspace.emit(new Effect.RecordHistory(new HistoryEvent(id, previousEventId, type, details.fields)));
        return id;
    }

    private void count(HistoryEvent.Detail detail) {
        switch (detail) {
            case HistoryEvent.Detail.Data(var document) -> workspace.count(document);
            case HistoryEvent.Detail.Fields(var fields) -> fields.values().forEach(this::count);
            case HistoryEvent.Detail.Text _, HistoryEvent.Detail.Number _ -> {}
        }
    }

    /** The details of an event, in AWS's words. */
    static final class Details {
        private final Map<String, HistoryEvent.Detail> fields = new LinkedHashMap<>();

        static Details none() {
            return new Details();
        }

        Details text(String field, String value) {
            fields.put(field, new HistoryEvent.Detail.Text(value));
            return this;
        }

        Details text(String field, Optional<String> value) {
            value.ifPresent(present -> text(field, present));
            return this;
        }

        Details number(String field, long value) {
            fields.put(field, new HistoryEvent.Detail.Number(value));
            return this;
        }

        Details data(String field, Document value) {
            fields.put(field, new HistoryEvent.Detail.Data(value));
            return this;
        }

        Details fields(String field, Details nested) {
            fields.put(field, new HistoryEvent.Detail.Fields(nested.fields));
            return this;
        }

        Details variables(Map<String, Document> assigned) {
            if (!assigned.isEmpty()) {
                var values = new LinkedHashMap<String, HistoryEvent.Detail>();
                assigned.forEach((name, value) -> values.put(name, new HistoryEvent.Detail.Data(value)));
                fields.put("assignedVariables", new HistoryEvent.Detail.Fields(values));
            }
            return this;
        }

        Details failure(Failure failure) {
            return text("error", failure.error()).text("cause", failure.cause());
        }
    }
}
