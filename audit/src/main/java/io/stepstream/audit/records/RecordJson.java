package io.stepstream.audit.records;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.stepstream.audit.records.HistoryScan.Entry;
import io.stepstream.schemas.Secrets;
import io.stepstream.schemas.avro.Event;
import io.stepstream.schemas.avro.EventDetail;
import io.stepstream.schemas.avro.PayloadRef;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema.Field;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * A history record as one JSON object: by its schema, so that a new field shows without being named here; payloads where they are
 * referred to, times in ISO-8601, bytes in hex, tokens hidden.
 */
public final class RecordJson {
    /** Fields whose number is the index of a payload. */
    private static final Set<String> PAYLOADS = Set.of(
            "Started.input",
            "StartedBy.value",
            "HeardEnded.input",
            "HeardEnded.output",
            "TaskCompleted.output",
            "TaskChange.input");

    /** Fields that are told in another place, or not at all. */
    private static final Set<String> LEFT_OUT = Set.of("HistoryRecord.payloads", "Caller.replyTo");

    /** Fields of which one of several types is in: the type is told. */
    private static final Set<String> UNIONS = Set.of("HistoryRecord.command", "ChildHeardOf.report");

    private final ShownPayloads payloads;

    private RecordJson(ShownPayloads payloads) {
        this.payloads = payloads;
    }

    /** A record, with where it is in the log. */
    public static ObjectNode of(Entry entry) {
        var json = object().put("partition", entry.stored().partition())
                .put("offset", entry.stored().offset())
                .put("executionId", entry.executionId());
        new RecordJson(ShownPayloads.of(entry.record())).fields(entry.record(), json);
        return json;
    }

    /** The details of one event. */
    public static ObjectNode details(Event event, ShownPayloads payloads) {
        return new RecordJson(payloads).details(event.getDetails());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private ObjectNode fields(SpecificRecord record, ObjectNode to) {
        for (var field : record.getSchema().getFields()) {
            var name = record.getSchema().getName() + '.' + field.name();
            if (!LEFT_OUT.contains(name)) {
                to.set(field.name(), field(name, field, record.get(field.pos())));
            }
        }
        return to;
    }

    private JsonNode field(String name, Field field, @Nullable Object value) {
        if (PAYLOADS.contains(name) && value instanceof Integer index) {
            return payloads.get(index);
        }
        if (name.equals("MintedToken.token") && value != null) {
            return TextNode.valueOf(Secrets.HIDDEN);
        }
        if (name.equals("Event.details") && value instanceof List<?> list) {
            return details(list);
        }
        if (UNIONS.contains(name) && value instanceof SpecificRecord record) {
            return fields(record, object().put("type", record.getSchema().getName()));
        }
        return value(value, Boolean.TRUE.equals(field.getObjectProp("sensitive")));
    }

    private JsonNode value(@Nullable Object value, boolean sensitive) {
        return switch (value) {
            case null -> JsonNodeFactory.instance.nullNode();
            case String text -> TextNode.valueOf(sensitive ? payloads.sensitive(text) : ShownPayloads.hidden(text));
            case Integer number -> IntNode.valueOf(number);
            case Long number -> LongNode.valueOf(number);
            case Double number -> DoubleNode.valueOf(number);
            case Boolean truth -> BooleanNode.valueOf(truth);
            case Instant time -> TextNode.valueOf(time.toString());
            case ByteBuffer bytes -> TextNode.valueOf(hex(bytes));
            case List<?> list -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                list.forEach(item -> array.add(value(item, sensitive)));
                yield array;
            }
            case SpecificRecord record -> fields(record, object());
            // Avro's type of a union is Object; these are all that the schema has.
            default -> throw new IllegalStateException("a history record holds " + value.getClass());
        };
    }

    private static String hex(ByteBuffer bytes) {
        var copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }

    private ObjectNode details(List<?> details) {
        var json = object();
        for (var item : details) {
            if (item instanceof EventDetail detail) {
                var slash = detail.getField().indexOf('/');
                if (slash < 0) {
                    json.set(detail.getField(), detail(detail));
                } else {
                    // Variables are the user's names, and a slash in one is part of it: only the first separates.
                    json.withObjectProperty(detail.getField().substring(0, slash))
                            .set(detail.getField().substring(slash + 1), detail(detail));
                }
            }
        }
        return json;
    }

    private JsonNode detail(EventDetail detail) {
        return switch (detail.getValue()) {
            case PayloadRef payload -> payloads.get(payload.getIndex());
            case String text -> TextNode.valueOf(EventDetails.shown(detail.getField(), text, payloads));
            default -> value(detail.getValue(), false);
        };
    }
}
