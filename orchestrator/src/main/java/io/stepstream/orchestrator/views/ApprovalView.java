package io.stepstream.orchestrator.views;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stepstream.orchestrator.views.avro.PendingApproval;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.TaskChange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * The tasks that wait for a person's decision, oldest first: those whose input has an object {@code approval}, which says what the
 * page shows. A sealed input does not tell; its task is not listed.
 */
public final class ApprovalView {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String MEMBER = "approval";
    private static final int TEXT_CHARACTERS = 200;

    private ApprovalView() {}

    /** An approval, and its place in the list as text, which sorts as the list does. */
    public record Entry(String place, PendingApproval approval) {}

    /** Adds a task that was asked for, if it asks for an approval. */
    static void requested(
            KeyValueStore<byte[], byte[]> store, String executionId, TaskChange change, HistoryRecord record) {
        spec(record, change).ifPresent(spec -> {
            var approval = PendingApproval.newBuilder()
                    .setExecutionArn(record.getExecutionArn())
                    .setExecutionId(executionId)
                    .setTicket(change.getTicket())
                    .setState(change.getState())
                    .setName(change.getName())
                    .setTitle(text(spec, "title"))
                    .setRequestedBy(text(spec, "requestedBy"))
                    .setRequestedAt(record.getNow())
                    .setDeadline(change.getDeadline())
                    .build();
            store.put(key(record.getNow(), executionId, change.getTicket()), ViewRows.bytes(approval));
        });
    }

    /** Takes a task that has ended out of the list. */
    static void ended(KeyValueStore<byte[], byte[]> store, Instant requestedAt, String executionId, long ticket) {
        var key = key(requestedAt, executionId, ticket);
        if (store.get(key) != null) {
            store.delete(key);
        }
    }

    /** The first entries beyond a place; beyond none if it is empty. */
    static List<Entry> page(ReadOnlyKeyValueStore<byte[], byte[]> store, String after, int limit) {
        var entries = new ArrayList<Entry>();
        var from = HexFormat.of().parseHex(after);
        try (var rows = store.range(from, key(Instant.ofEpochMilli(Long.MAX_VALUE), "", 0))) {
            while (rows.hasNext() && entries.size() < limit) {
                var row = rows.next();
                var place = HexFormat.of().formatHex(row.key);
                if (!place.equals(after)) {
                    entries.add(new Entry(place, ViewRows.approval(row.value)));
                }
            }
        }
        return entries;
    }

    private static Optional<JsonNode> spec(HistoryRecord record, TaskChange change) {
        if (change.getInput() < 0
                || !(record.getPayloads().get(change.getInput()).getContent() instanceof String json)
                || !json.contains("\"" + MEMBER + "\"")) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readTree(json).path(MEMBER)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a payload in history is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String text(JsonNode spec, String member) {
        var text = spec.path(member).asText();
        return text.codePointCount(0, text.length()) <= TEXT_CHARACTERS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, TEXT_CHARACTERS)) + "…";
    }

    private static byte[] key(Instant requestedAt, String executionId, long ticket) {
        var id = executionId.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + id.length + Long.BYTES)
                .putLong(requestedAt.toEpochMilli())
                .put(id)
                .putLong(ticket)
                .array();
    }
}
