package io.stepstream.audit.records;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.avro.Event;
import io.stepstream.schemas.avro.PayloadRef;
import java.util.Optional;

/** Single members of an event's details, as an auditor may see them. */
public final class EventDetails {
    private EventDetails() {}

    /** A text; absent if the event has none of this name. */
    public static Optional<String> text(Event event, String field, ShownPayloads payloads) {
        return value(event, field)
                .flatMap(value ->
                        value instanceof String text ? Optional.of(shown(field, text, payloads)) : Optional.empty());
    }

    /** A number; absent if the event has none of this name. */
    public static Optional<Long> number(Event event, String field) {
        return value(event, field)
                .flatMap(value -> value instanceof Long number ? Optional.of(number) : Optional.empty());
    }

    /** A payload; absent if the event has none of this name. */
    public static Optional<JsonNode> payload(Event event, String field, ShownPayloads payloads) {
        return value(event, field)
                .flatMap(value -> value instanceof PayloadRef payload
                        ? Optional.of(payloads.get(payload.getIndex()))
                        : Optional.empty());
    }

    private static Optional<Object> value(Event event, String field) {
        return event.getDetails().stream()
                .filter(detail -> detail.getField().equals(field))
                .findFirst()
                .map(detail -> detail.getValue());
    }

    static String shown(String field, String text, ShownPayloads payloads) {
        return SealedRecords.isOpenDetail(field) ? ShownPayloads.hidden(text) : payloads.sensitive(text);
    }
}
