package io.stepstream.schemas;

import io.stepstream.schemas.registry.RegistryUnavailable;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.registry.UnknownSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records to bytes and back, in Confluent's framing: a zero byte, the writer's schema id in four, the record in Avro's binary
 * encoding. Thread-safe; writers and readers are made once per schema.
 */
public final class RecordCodec {

    static {
        TrustedRecords.trust();
    }

    private static final byte MAGIC = 0;
    private static final int HEADER_BYTES = 5;

    /** One for each thread: making one costs as much as reading a small record. */
    private static final ThreadLocal<@Nullable BinaryDecoder> DECODERS = new ThreadLocal<>();

    private final SchemaRegistry registry;
    private final int maxBytes;
    private final Map<WriterKey, FramedWriter> writers = new ConcurrentHashMap<>();
    private final Map<ReaderKey, DatumReader<SpecificRecord>> readers = new ConcurrentHashMap<>();

    /** A codec that takes records of up to {@link Topics#MAX_REQUEST_BYTES}, which is more than any topic of ours does. */
    public RecordCodec(SchemaRegistry registry) {
        this(registry, Topics.MAX_REQUEST_BYTES);
    }

    /** A codec that decodes records of up to so many bytes. */
    public RecordCodec(SchemaRegistry registry, int maxBytes) {
        this.registry = registry;
        this.maxBytes = maxBytes;
    }

    /**
     * The record's bytes for this topic. The first record of a type registers its schema.
     *
     * @throws RegistryUnavailable if the registry is needed and gives no usable answer
     * @throws io.stepstream.schemas.registry.IncompatibleSchema if the registry refuses the type's schema
     */
    public byte[] encode(String topic, SpecificRecord record) {
        WriterKey key = new WriterKey(topic, record.getClass());
        FramedWriter writer = writers.get(key);
        if (writer == null) {
            int id = registry.register(Topics.subject(topic), record.getSchema());
            writer = new FramedWriter(id, new SpecificDatumWriter<>(record.getSchema(), modelOf(record.getClass())));
            writers.put(key, writer);
        }
        return writer.write(record);
    }

    /**
     * The record in these bytes, read as this type from whatever schema it was written with.
     *
     * @throws Undecodable if the bytes are no such record, whoever reads them and however often
     * @throws RegistryUnavailable if the registry is needed and gives no usable answer: the bytes may be good
     */
    public <T extends SpecificRecord> T decode(byte[] bytes, Class<T> type) throws Undecodable {
        if (bytes.length < HEADER_BYTES || bytes[0] != MAGIC) {
            throw new Undecodable(
                    "Byte 0: " + bytes.length + " bytes without a schema id in front (a zero byte and four of the id)",
                    null);
        }
        if (bytes.length > maxBytes) {
            throw new Undecodable("A record of " + bytes.length + " bytes; at most " + maxBytes + " are read", null);
        }
        int id = ByteBuffer.wrap(bytes).getInt(1);
        DatumReader<SpecificRecord> reader = reader(id, type);
        BinaryDecoder decoder =
                DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, DECODERS.get());
        DECODERS.set(decoder);
        T record = type.cast(read(reader, decoder, id, type, bytes.length));
        int left = remaining(decoder);
        if (left > 0) {
            throw new Undecodable(
                    "Byte " + (bytes.length - left) + ": " + left + " bytes are left over after the "
                            + type.getSimpleName(),
                    null);
        }
        return record;
    }

    private DatumReader<SpecificRecord> reader(int id, Class<? extends SpecificRecord> type) throws Undecodable {
        ReaderKey key = new ReaderKey(id, type);
        DatumReader<SpecificRecord> reader = readers.get(key);
        if (reader == null) {
            SpecificData model = modelOf(type);
            reader = new SpecificDatumReader<>(writerSchema(id), model.getSchema(type), model);
            readers.put(key, reader);
        }
        return reader;
    }

    private Schema writerSchema(int id) throws Undecodable {
        try {
            return registry.byId(id);
        } catch (UnknownSchema e) {
            throw new Undecodable("Byte 1: " + e.getMessage(), e);
        }
    }

    private static SpecificRecord read(
            DatumReader<SpecificRecord> reader, BinaryDecoder decoder, int id, Class<?> type, int length)
            throws Undecodable {
        try {
            return reader.read(null, decoder);
        } catch (IOException | RuntimeException e) {
            // Avro says of bad bytes, and of schemas that do not fit, with whatever its code runs into: EOFException,
            // AvroRuntimeException, ArrayIndexOutOfBoundsException, ClassCastException and more.
            throw new Undecodable(
                    "About byte " + (length - remaining(decoder)) + " of " + length + ": no " + type.getSimpleName()
                            + " by the schema with id " + id + ": " + e,
                    e);
        }
    }

    private static int remaining(BinaryDecoder decoder) {
        return decoder.remainingBytes();
    }

    private static SpecificData modelOf(Class<?> type) {
        return SpecificData.getForClass(type);
    }

    private record WriterKey(String topic, Class<?> type) {}

    private record ReaderKey(int schemaId, Class<?> type) {}

    private record FramedWriter(int schemaId, DatumWriter<SpecificRecord> writer) {
        /** A buffer for each thread, unless a large record has made it large: new ones for each record are much of what encoding costs. */
        private static final int KEPT_BYTES = 64 * 1024;

        private static final ThreadLocal<Buffers> BUFFERS = ThreadLocal.withInitial(Buffers::new);

        private static final class Buffers {
            private final ByteArrayOutputStream out = new ByteArrayOutputStream(2048);
            private final BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        }

        byte[] write(SpecificRecord record) {
            Buffers buffers = BUFFERS.get();
            ByteArrayOutputStream out = buffers.out;
            // Taken up again, the encoder flushes what a write that failed has left in it: so the stream is emptied
            // after that.
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, buffers.encoder);
            out.reset();
            out.write(MAGIC);
            out.writeBytes(ByteBuffer.allocate(4).putInt(schemaId).array());
            try {
                writer.write(record, encoder);
                encoder.flush();
            } catch (IOException e) {
                throw new IllegalStateException("Writing to memory does not fail", e);
            }
            if (out.size() > KEPT_BYTES) {
                BUFFERS.remove();
            }
            return out.toByteArray();
        }
    }
}
