package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.rehearsal.HistoryJson;

/** History events in the shape of AWS's API, details under {@code details}. */
final class HistoryShape {
    private HistoryShape() {}

    static ObjectNode of(HistoryEvent event) {
        var shaped = JsonNodeFactory.instance.objectNode();
        shaped.put("id", event.id())
                .put("previousEventId", event.previousEventId())
                .put("type", event.type().wireName());
        if (!event.details().isEmpty()) {
            shaped.set("details", HistoryJson.details(event));
            shaped.put("detailsKey", event.type().detailsMember());
        }
        return shaped;
    }
}
