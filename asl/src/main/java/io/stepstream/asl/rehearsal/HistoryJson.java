package io.stepstream.asl.rehearsal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.execution.HistoryEvent;
import io.stepstream.asl.execution.HistoryEvent.Detail;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** History events as the API operation GetExecutionHistory writes them. */
public final class HistoryJson {

    /** The fields beside which AWS says whether they were cut. */
    private static final Set<String> WITH_TRUNCATION = Set.of("input", "output", "assignedVariables");

    private HistoryJson() {}

    /** An event with its time, which is in seconds since 1970, as everywhere in the API. */
    public static ObjectNode of(HistoryEvent event, Instant at) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("timestamp", BigDecimal.valueOf(at.toEpochMilli(), 3))
                .put("type", event.type().wireName())
                .put("id", event.id())
                .put("previousEventId", event.previousEventId());
        if (!event.type().detailsMember().isEmpty()) {
            json.set(event.type().detailsMember(), details(event));
        }
        return json;
    }

    /** An event's details alone. */
    public static ObjectNode details(HistoryEvent event) {
        return fields(event.details());
    }

    private static ObjectNode fields(Map<String, Detail> details) {
        var json = JsonNodeFactory.instance.objectNode();
        details.forEach((field, detail) -> {
            switch (detail) {
                case Detail.Text(var text) -> json.put(field, text);
                case Detail.Number(var number) -> json.put(field, number);
                case Detail.Data(var document) -> json.put(field, document.text());
                case Detail.Fields(var nested) -> json.set(field, fields(nested));
            }
            if (WITH_TRUNCATION.contains(field) && !(detail instanceof Detail.Text)) {
                json.putObject(field + "Details").put("truncated", false);
            }
        });
        return json;
    }
}
