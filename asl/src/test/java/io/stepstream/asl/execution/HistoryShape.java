package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** History events in the shape of AWS's API, details under {@code details}. */
final class HistoryShape {
    private HistoryShape() {}

    static ObjectNode of(HistoryEvent event) {
        var shaped = JsonNodeFactory.instance.objectNode();
        shaped.put("id", event.id())
                .put("previousEventId", event.previousEventId())
                .put("type", event.type().wireName());
        if (!event.details().isEmpty()) {
            write(event.details(), shaped.putObject("details"));
            shaped.put("detailsKey", event.type().detailsMember());
        }
        return shaped;
    }

    private static void write(Map<String, HistoryEvent.Detail> details, ObjectNode to) {
        details.forEach((field, detail) -> {
            switch (detail) {
                case HistoryEvent.Detail.Text(var text) -> to.put(field, text);
                case HistoryEvent.Detail.Number(var number) -> to.put(field, number);
                case HistoryEvent.Detail.Data(var document) -> {
                    to.put(field, document.text());
                    if (field.equals("input") || field.equals("output")) {
                        to.putObject(field + "Details").put("truncated", false);
                    }
                }
                case HistoryEvent.Detail.Fields(var fields) -> {
                    write(fields, to.putObject(field));
                    if (field.equals("assignedVariables")) {
                        to.putObject(field + "Details").put("truncated", false);
                    }
                }
            }
        });
    }
}
