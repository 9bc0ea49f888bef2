package io.stepstream.schemas;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.Event;
import io.stepstream.schemas.avro.EventDetail;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.Payload;
import io.stepstream.schemas.avro.Stopped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class SealedRecordsTest {

    private static final long SEED = Long.getLong("seed", 20261123L);
    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final String MARKER = "MARKER-of-a-person";

    private final ExecutionKey key = ExecutionKey.generate(ID);

    @Test
    void what_was_sealed_opens_as_it_was() {
        Random random = new Random(SEED);
        for (int i = 0; i < 300; i++) {
            HistoryRecord history = plain(HistoryRecord.class, random);
            assertThat(bytes(SealedRecords.open(SealedRecords.seal(history, key), key)))
                    .as("seed %s, history record %s", SEED, i)
                    .isEqualTo(bytes(history));
            ExecutionStatus status = plain(ExecutionStatus.class, random);
            assertThat(bytes(SealedRecords.open(SealedRecords.seal(status, key), key)))
                    .as("seed %s, status %s", SEED, i)
                    .isEqualTo(bytes(status));
            DeadLetter letter = plain(DeadLetter.class, random);
            letter.put("keyId", null);
            assertThat(bytes(SealedRecords.open(SealedRecords.seal(letter, key), key)))
                    .as("seed %s, dead letter %s", SEED, i)
                    .isEqualTo(bytes(letter));
        }
    }

    @Test
    void nothing_of_the_data_is_in_a_sealed_record_and_all_of_the_structure_is() {
        HistoryRecord sealed = SealedRecords.seal(told(), key);
        assertThat(new String(bytes(told()), ISO_8859_1)).contains(MARKER);
        assertThat(new String(bytes(sealed), ISO_8859_1)).doesNotContain(MARKER);
        assertThat(SealedRecords.keyId(sealed)).contains(key.keyId());
        assertThat(SealedRecords.keyId(told())).isEmpty();
        Event event = sealed.getEvents().getFirst();
        assertThat(event.getType()).isEqualTo("TaskFailed");
        assertThat(event.getDetails().getFirst()).isEqualTo(new EventDetail("resourceType", "lambda"));
        assertThat(sealed.getEffectsDigest()).isNotEqualTo(told().getEffectsDigest());
        assertThat(sealed.getCaller()).isEqualTo(told().getCaller());
    }

    @Test
    void a_record_without_payloads_is_seen_to_be_sealed() {
        HistoryRecord empty = told();
        empty.put("payloads", List.of());
        HistoryRecord sealed = SealedRecords.seal(empty, key);
        assertThat(SealedRecords.keyId(sealed)).contains(key.keyId());
        assertThat(SealedRecords.open(sealed, key).getPayloads()).isEmpty();
    }

    @Test
    void what_was_sealed_opens_with_its_key_in_its_place_and_no_other_way() {
        HistoryRecord sealed = SealedRecords.seal(told(), key);
        broken(sealed, ExecutionKey.generate(ID));
        HistoryRecord moved = SpecificData.get().deepCopy(sealed.getSchema(), sealed);
        moved.put("step", sealed.getStep() + 1);
        broken(moved, key);
        HistoryRecord swapped = SpecificData.get().deepCopy(sealed.getSchema(), sealed);
        swapped.put("payloads", sealed.getPayloads().reversed());
        broken(swapped, key);
        HistoryRecord changed = SpecificData.get().deepCopy(sealed.getSchema(), sealed);
        changed.getEffectsDigest().put(20, (byte) ~changed.getEffectsDigest().get(20));
        broken(changed, key);
    }

    private static void broken(HistoryRecord record, ExecutionKey by) {
        assertThatThrownBy(() -> SealedRecords.open(record, by)).isInstanceOf(BrokenSeal.class);
    }

    @Test
    void the_same_text_is_never_sealed_the_same() {
        assertThat(bytes(SealedRecords.seal(told(), key))).isNotEqualTo(bytes(SealedRecords.seal(told(), key)));
    }

    @Test
    void errors_and_causes_are_data_wherever_a_schema_has_them() {
        List<String> open = new ArrayList<>();
        List.of(HistoryRecord.getClassSchema(), ExecutionStatus.getClassSchema())
                .forEach(schema -> findOpen(schema, open));
        assertThat(open).isEmpty();
    }

    private static void findOpen(Schema schema, List<String> open) {
        switch (schema.getType()) {
            case RECORD ->
                schema.getFields().forEach(field -> {
                    boolean data = field.name().equals("error") || field.name().equals("cause");
                    if (data && !Boolean.TRUE.equals(field.getObjectProp("sensitive"))) {
                        open.add(schema.getName() + "." + field.name());
                    }
                    findOpen(field.schema(), open);
                });
            case UNION -> schema.getTypes().forEach(type -> findOpen(type, open));
            case ARRAY -> findOpen(schema.getElementType(), open);
            case MAP -> findOpen(schema.getValueType(), open);
            case ENUM, FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
        }
    }

    /** A record with the marker in each kind of place that data can be in. */
    private static HistoryRecord told() {
        HistoryRecord record = plain(HistoryRecord.class, new Random(SEED));
        record.put("command", new Stopped(MARKER, MARKER));
        record.put("unregistered", List.of(MARKER));
        record.put("payloads", List.of(Payloads.of("\"" + MARKER + "\""), Payloads.of("2")));
        record.put("effectsDigest", ByteBuffer.wrap(MARKER.getBytes(UTF_8)));
        List<EventDetail> details = List.of(
                new EventDetail("resourceType", "lambda"),
                new EventDetail("error", MARKER),
                new EventDetail("cause", MARKER),
                new EventDetail("anything/new", MARKER));
        record.put("events", List.of(new Event(1L, 0L, "TaskFailed", details)));
        return record;
    }

    /** Any record, as the engine makes it before it is sealed. */
    private static <T extends SpecificRecord> T plain(Class<T> type, Random random) {
        T record = type.cast(SampleRecords.any(type, random));
        if (record instanceof HistoryRecord history) {
            history.getPayloads().forEach(payload -> payload.put("content", "{\"a\": 1}"));
        }
        if (record instanceof ExecutionStatus status) {
            List<Payload> payloads = new ArrayList<>();
            if (status.getInput() != null) {
                payloads.add(status.getInput());
            }
            if (status.getOutput() != null) {
                payloads.add(status.getOutput());
            }
            payloads.forEach(payload -> payload.put("content", "[]"));
        }
        return record;
    }

    private static byte[] bytes(SpecificRecord record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new SpecificDatumWriter<>(record.getSchema(), SpecificData.getForClass(record.getClass()))
                    .write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
