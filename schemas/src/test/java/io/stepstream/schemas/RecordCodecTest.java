package io.stepstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.avro.ContinueExecution;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.Payload;
import io.stepstream.schemas.avro.Sealed;
import io.stepstream.schemas.avro.Verdict;
import io.stepstream.schemas.registry.RegistryUnavailable;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.registry.UnknownSchema;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordCodecTest {

    private static final long SEED = Long.getLong("seed", 20261123L);

    private final ListedSchemas registry = new ListedSchemas();
    private final RecordCodec codec = new RecordCodec(registry);

    @ParameterizedTest
    @MethodSource("io.stepstream.schemas.SampleRecords#classes")
    void a_record_comes_back_as_it_was(Class<? extends SpecificRecord> type) throws Exception {
        Random random = new Random(SEED);
        for (int i = 0; i < 300; i++) {
            SpecificRecord record = SampleRecords.any(type, random);
            byte[] bytes = codec.encode(Topics.HISTORY, record);
            SpecificRecord read = new RecordCodec(registry).decode(bytes, type);
            // Avro's own equals throws on an Instant in a union in an array (GenericData.compare): compare what they
            // say.
            assertThat(read.toString()).as("seed %s, record %s", SEED, i).isEqualTo(record.toString());
            assertThat(codec.encode(Topics.HISTORY, read)).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @MethodSource("io.stepstream.schemas.SampleRecords#classes")
    void a_record_cut_off_anywhere_is_undecodable(Class<? extends SpecificRecord> type) {
        Random random = new Random(SEED);
        for (int i = 0; i < 30; i++) {
            byte[] bytes = codec.encode(Topics.HISTORY, SampleRecords.any(type, random));
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> codec.decode(cut, type))
                        .as("seed %s, record %s, first %s bytes", SEED, i, length)
                        .isInstanceOf(Undecodable.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.stepstream.schemas.SampleRecords#classes")
    void whatever_bytes_come_they_are_a_record_or_undecodable(Class<? extends SpecificRecord> type) {
        Random random = new Random(SEED);
        codec.encode(Topics.HISTORY, SampleRecords.any(type, random));
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (i % 2 == 0 && bytes.length > 5) {
                ByteBuffer.wrap(bytes).put((byte) 0).putInt(1);
            }
            decodeAnything(bytes, type);
            byte[] damaged = codec.encode(Topics.HISTORY, SampleRecords.any(type, random));
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            decodeAnything(damaged, type);
        }
    }

    private void decodeAnything(byte[] bytes, Class<? extends SpecificRecord> type) {
        try {
            assertThat((Object) codec.decode(bytes, type)).isNotNull();
        } catch (Undecodable e) {
            assertThat(e).as("seed %s", SEED).hasMessageMatching("(?s).*[Bb]yte.*");
        }
    }

    @Test
    void a_huge_length_in_a_few_bytes_costs_nothing() {
        // A union's second branch does not exist there; then a string and an array of two thousand million.
        for (String body : List.of("feffffff0f", "00feffffff0f", "02fcffffff0f")) {
            byte[] bytes = HexFormat.of().parseHex("0000000001" + body);
            codec.encode(Topics.VERDICTS, SampleRecords.any(Verdict.class, new Random(SEED)));
            assertThatThrownBy(() -> codec.decode(bytes, Verdict.class)).isInstanceOf(Undecodable.class);
        }
    }

    @Test
    void the_framing_is_confluents() {
        byte[] bytes = codec.encode(Topics.INTERNAL, new Internal(new ContinueExecution(3L)));
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("0000000001" + "00" + "06");
        assertThat(registry.subjects).containsExactly("stepstream.internal-value");
    }

    @Test
    void bytes_left_over_are_told_with_their_place() {
        byte[] bytes = Arrays.copyOf(codec.encode(Topics.INTERNAL, new Internal(new ContinueExecution(3L))), 9);
        assertThatThrownBy(() -> codec.decode(bytes, Internal.class))
                .isInstanceOf(Undecodable.class)
                .hasMessage("Byte 7: 2 bytes are left over after the Internal");
    }

    @Test
    void an_unknown_schema_is_undecodable_and_a_registry_out_of_reach_is_not() {
        byte[] bytes = HexFormat.of().parseHex("000000004d0006");
        assertThatThrownBy(() -> codec.decode(bytes, Internal.class))
                .isInstanceOf(Undecodable.class)
                .hasMessageContaining("77");
        registry.outOfReach = true;
        assertThatThrownBy(() -> codec.decode(bytes, Internal.class)).isInstanceOf(RegistryUnavailable.class);
        assertThatThrownBy(() -> codec.encode(Topics.INTERNAL, new Internal(new ContinueExecution(3L))))
                .isInstanceOf(RegistryUnavailable.class);
    }

    @Test
    void a_record_of_another_type_is_undecodable() {
        byte[] bytes = codec.encode(Topics.INTERNAL, new Internal(new ContinueExecution(3L)));
        assertThatThrownBy(() -> codec.decode(bytes, Verdict.class)).isInstanceOf(Undecodable.class);
    }

    @Test
    void a_record_beyond_the_limit_is_undecodable() {
        byte[] bytes = new byte[101];
        assertThatThrownBy(() -> new RecordCodec(registry, 100).decode(bytes, Internal.class))
                .isInstanceOf(Undecodable.class)
                .hasMessage("A record of 101 bytes; at most 100 are read");
    }

    /** A writer of last year, whose schema lacks the fields that have a default, and has one that is gone. */
    @Test
    void a_record_of_an_older_schema_gets_the_defaults() throws Exception {
        Schema old = SchemaBuilder.record("Verdict")
                .namespace("io.stepstream.schemas.avro")
                .fields()
                .requiredString("instance")
                .requiredString("correlation")
                .requiredString("gone")
                .requiredString("subject")
                .name("at")
                .type(Verdict.getClassSchema().getField("at").schema())
                .noDefault()
                .endRecord();
        GenericRecord record = new GenericRecordBuilder(old)
                .set("instance", "g1")
                .set("correlation", "7")
                .set("gone", "x")
                .set("subject", "arn")
                .set("at", 1_000L)
                .build();
        Verdict verdict = codec.decode(framed(old, record), Verdict.class);
        assertThat(verdict).isEqualTo(new Verdict(
                        "g1", "7", null, "", "arn", null, null, null, 0L, Instant.ofEpochSecond(1)));
    }

    @Test
    void payloads_are_text_unless_sealed() {
        assertThat(Payloads.json(Payloads.of("{\"a\":1}"))).isEqualTo("{\"a\":1}");
        Payload sealed = new Payload(new Sealed("k7", ByteBuffer.wrap(new byte[] {1})));
        assertThatThrownBy(() -> Payloads.json(sealed)).hasMessageContaining("sealed under key k7");
    }

    private byte[] framed(Schema schema, GenericRecord record) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.writeBytes(
                ByteBuffer.allocate(4).putInt(registry.register("old", schema)).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    /** Ids are places in a list, from 1. */
    private static final class ListedSchemas implements SchemaRegistry {

        private final List<Schema> schemas = new ArrayList<>();
        private final List<String> subjects = new ArrayList<>();
        private boolean outOfReach;

        @Override
        public int register(String subject, Schema schema) {
            reach();
            if (!schemas.contains(schema)) {
                schemas.add(schema);
                subjects.add(subject);
            }
            return schemas.indexOf(schema) + 1;
        }

        @Override
        public Schema byId(int id) {
            reach();
            if (id < 1 || id > schemas.size()) {
                throw new UnknownSchema("No schema " + id);
            }
            return schemas.get(id - 1);
        }

        private void reach() {
            if (outOfReach) {
                throw new RegistryUnavailable("Out of reach", null);
            }
        }
    }
}
