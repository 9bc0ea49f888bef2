package io.stepstream.orchestrator.steps;

import io.stepstream.asl.data.Document;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.avro.Payload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The payloads of one history record: each is in it once, and referred to by its index. */
final class PayloadTable {
    private final Map<String, Integer> indexes = new LinkedHashMap<>();

    /** The index of this payload, which is added if it is new. */
    int index(Document payload) {
        return indexes.computeIfAbsent(payload.text(), text -> indexes.size());
    }

    List<Payload> payloads() {
        return indexes.keySet().stream().map(Payloads::of).toList();
    }
}
