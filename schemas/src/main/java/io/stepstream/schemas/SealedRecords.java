package io.stepstream.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.EventDetail;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Payload;
import io.stepstream.schemas.avro.Sealed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records with their data sealed under the key of their execution, and as they were before (ADR 0012). What is data: every payload,
 * fields that their schema marks {@code "sensitive": true}, texts in the details of history events unless they are of the definition, and
 * the digest of the effects, which would tell whether a guess is right. A history record or a status is sealed if a payload in it is; one
 * without any gets one. What is given is not changed.
 */
public final class SealedRecords {

    static {
        TrustedRecords.trust();
    }

    /** Members of events' details that come from definitions, settings or workers' names, not from what is processed. */
    private static final Set<String> OPEN_DETAILS = Set.of(
            "name", "state", "location", "resource", "resourceType", "region", "roleArn", "workerName", "mapRunArn");

    private static final String SENSITIVE = "sensitive";

    /** What a record without a payload gets, so that it is seen to be sealed: no JSON, so no payload of anybody's. */
    private static final String NO_PAYLOAD = "";

    private SealedRecords() {}

    /** Whether a member of an event's details stays readable in a sealed record; it is sealed if it is text and does not. */
    public static boolean isOpenDetail(String field) {
        return OPEN_DETAILS.contains(field);
    }

    /** The record, sealed. */
    public static HistoryRecord seal(HistoryRecord record, ExecutionKey key) {
        HistoryRecord copy = copy(record);
        if (copy.getPayloads().isEmpty()) {
            set(copy, "payloads", List.of(Payloads.of(NO_PAYLOAD)));
        }
        Sealer sealer = new Sealer(key, place(record));
        sealer.visit(copy);
        set(copy, "effectsDigest", ByteBuffer.wrap(sealer.change(bytes(record.getEffectsDigest()))));
        return copy;
    }

    /**
     * The record as it was before it was sealed; as it is, if it was not.
     *
     * @throws BrokenSeal if it was not sealed so with this key
     */
    public static HistoryRecord open(HistoryRecord record, ExecutionKey key) {
        if (keyId(record).isEmpty()) {
            return record;
        }
        HistoryRecord copy = copy(record);
        Opener opener = new Opener(key, place(record));
        opener.visit(copy);
        set(
                copy,
                "payloads",
                copy.getPayloads().stream()
                        .filter(payload -> !payload.getContent().equals(NO_PAYLOAD))
                        .toList());
        set(copy, "effectsDigest", ByteBuffer.wrap(opener.change(bytes(record.getEffectsDigest()))));
        return copy;
    }

    /** The status, sealed. */
    public static ExecutionStatus seal(ExecutionStatus status, ExecutionKey key) {
        ExecutionStatus copy = copy(status);
        if (copy.getInput() == null) {
            set(copy, "input", Payloads.of(NO_PAYLOAD));
        }
        new Sealer(key, place(status)).visit(copy);
        return copy;
    }

    /**
     * The status as it was before it was sealed; as it is, if it was not.
     *
     * @throws BrokenSeal if it was not sealed so with this key
     */
    public static ExecutionStatus open(ExecutionStatus status, ExecutionKey key) {
        if (keyId(status).isEmpty()) {
            return status;
        }
        ExecutionStatus copy = copy(status);
        new Opener(key, place(status)).visit(copy);
        if (copy.getInput() != null && copy.getInput().getContent().equals(NO_PAYLOAD)) {
            set(copy, "input", null);
        }
        return copy;
    }

    /** The record with a mark in place of whatever is sealed in it, for readers: a JSON string in place of a payload. */
    public static HistoryRecord marked(HistoryRecord record, String mark) {
        if (keyId(record).isEmpty()) {
            return record;
        }
        HistoryRecord copy = copy(record);
        new Marker(mark).visit(copy);
        return copy;
    }

    /** The status with a mark in place of whatever is sealed in it, likewise. */
    public static ExecutionStatus marked(ExecutionStatus status, String mark) {
        if (keyId(status).isEmpty()) {
            return status;
        }
        ExecutionStatus copy = copy(status);
        new Marker(mark).visit(copy);
        return copy;
    }

    /** The dead letter, sealed under the key of the execution that it is about. */
    public static DeadLetter seal(DeadLetter letter, ExecutionKey key) {
        DeadLetter copy = copy(letter);
        Sealer sealer = new Sealer(key, place(letter));
        sealer.visit(copy);
        set(copy, "value", changed(letter.getValue(), sealer));
        set(copy, "keyId", key.keyId());
        return copy;
    }

    /**
     * The dead letter as it was before it was sealed; as it is, if it was not.
     *
     * @throws BrokenSeal if it was not sealed so with this key
     */
    public static DeadLetter open(DeadLetter letter, ExecutionKey key) {
        if (letter.getKeyId() == null) {
            return letter;
        }
        DeadLetter copy = copy(letter);
        Opener opener = new Opener(key, place(letter));
        opener.visit(copy);
        set(copy, "value", changed(letter.getValue(), opener));
        set(copy, "keyId", null);
        return copy;
    }

    /** Names the key that this record is sealed under; empty if it is not sealed. */
    public static Optional<String> keyId(HistoryRecord record) {
        return record.getPayloads().stream().findFirst().flatMap(SealedRecords::keyId);
    }

    /** Names the key that this status is sealed under; empty if it is not sealed. */
    public static Optional<String> keyId(ExecutionStatus status) {
        return Optional.ofNullable(status.getInput()).flatMap(SealedRecords::keyId);
    }

    private static Optional<String> keyId(Payload payload) {
        return payload.getContent() instanceof Sealed sealed ? Optional.of(sealed.getKeyId()) : Optional.empty();
    }

    private static String place(HistoryRecord record) {
        return "history " + record.getStep();
    }

    private static String place(ExecutionStatus status) {
        return "executions " + status.getStep();
    }

    private static String place(DeadLetter letter) {
        return "dead-letter " + letter.getTopic() + ' ' + letter.getPartition() + ' ' + letter.getOffset();
    }

    private static <T extends SpecificRecord> T copy(T record) {
        return SpecificData.get().deepCopy(record.getSchema(), record);
    }

    private static void set(SpecificRecord record, String field, @Nullable Object value) {
        record.put(record.getSchema().getField(field).pos(), value);
    }

    private static @Nullable ByteBuffer changed(@Nullable ByteBuffer value, Change change) {
        return value == null ? null : ByteBuffer.wrap(change.change(bytes(value)));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** Goes over a record in the order of its schema, and changes what is data in place. */
    private abstract static class Change {

        private final String place;
        private int number;

        Change(String place) {
            this.place = place;
        }

        /** Where in the record the next piece of data is: the same when it is sealed and when it is opened. */
        String nextPlace() {
            return place + ' ' + number++;
        }

        abstract byte[] change(byte[] data);

        abstract String change(String text);

        abstract Object change(Object payloadContent);

        void visit(SpecificRecord record) {
            switch (record) {
                case Payload payload -> set(payload, "content", change(payload.getContent()));
                case EventDetail detail -> visitDetail(detail);
                default ->
                    record.getSchema()
                            .getFields()
                            .forEach(field -> record.put(field.pos(), changed(record.get(field.pos()), field)));
            }
        }

        private void visitDetail(EventDetail detail) {
            String last = detail.getField().substring(detail.getField().lastIndexOf('/') + 1);
            if (detail.getValue() instanceof String text && !OPEN_DETAILS.contains(last)) {
                set(detail, "value", change(text));
            }
        }

        private @Nullable Object changed(@Nullable Object value, Schema.Field field) {
            boolean sensitive = Boolean.TRUE.equals(field.getObjectProp(SENSITIVE));
            return switch (value) {
                case SpecificRecord nested -> {
                    visit(nested);
                    yield nested;
                }
                case List<?> list -> {
                    List<@Nullable Object> items = new ArrayList<>();
                    list.forEach(item -> items.add(changed(item, field)));
                    yield items;
                }
                case String text when sensitive -> change(text);
                case null -> null;
                default -> value;
            };
        }
    }

    private static final class Sealer extends Change {

        private final ExecutionKey key;

        Sealer(ExecutionKey key, String place) {
            super(place);
            this.key = key;
        }

        @Override
        byte[] change(byte[] data) {
            return key.seal(nextPlace(), data);
        }

        @Override
        String change(String text) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(change(text.getBytes(UTF_8)));
        }

        @Override
        Object change(Object payloadContent) {
            return payloadContent instanceof String json
                    ? new Sealed(key.keyId(), ByteBuffer.wrap(change(json.getBytes(UTF_8))))
                    : payloadContent;
        }
    }

    private static final class Opener extends Change {

        private final ExecutionKey key;

        Opener(ExecutionKey key, String place) {
            super(place);
            this.key = key;
        }

        @Override
        byte[] change(byte[] data) {
            return key.open(nextPlace(), data);
        }

        @Override
        String change(String text) {
            try {
                return new String(change(Base64.getUrlDecoder().decode(text)), UTF_8);
            } catch (IllegalArgumentException e) {
                throw new BrokenSeal("a text that should be sealed is not base64url");
            }
        }

        @Override
        Object change(Object payloadContent) {
            if (!(payloadContent instanceof Sealed sealed)) {
                return payloadContent;
            }
            if (!sealed.getKeyId().equals(key.keyId())) {
                throw new BrokenSeal("a payload names another key than the first one does");
            }
            return new String(change(bytes(sealed.getBytes())), UTF_8);
        }
    }

    private static final class Marker extends Change {

        private final String mark;

        Marker(String mark) {
            super("");
            this.mark = mark;
        }

        @Override
        byte[] change(byte[] data) {
            return data;
        }

        @Override
        String change(String text) {
            return mark;
        }

        @Override
        Object change(Object payloadContent) {
            return payloadContent instanceof Sealed ? '"' + mark + '"' : payloadContent;
        }
    }
}
