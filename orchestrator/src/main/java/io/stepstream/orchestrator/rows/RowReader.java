package io.stepstream.orchestrator.rows;

import io.stepstream.schemas.TrustedRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one type from bytes in Avro's single-object encoding. What this version has written, which is nearly all, is read out of the
 * array; what a released one has ({@link ReleasedRows}), by Avro's own decoder, which reads byte by byte from a stream.
 */
final class RowReader<T extends SpecificRecord> {
    static {
        TrustedRecords.trust();
    }

    private static final byte[] MARKER = {(byte) 0xC3, 0x01};
    private static final ThreadLocal<@Nullable BinaryDecoder> DECODERS = new ThreadLocal<>();

    private final byte[] header;
    private final DatumReader<T> reader;
    private final BinaryMessageDecoder<T> others;

    /**
     * @param others decodes rows of other schemas than the type's own
     */
    RowReader(Class<T> type, BinaryMessageDecoder<T> others) {
        var model = SpecificData.getForClass(type);
        var schema = model.getSchema(type);
        this.others = ReleasedRows.readBy(others, type);
        reader = new SpecificDatumReader<>(schema, schema, model);
        try {
            var fingerprint = SchemaNormalization.parsingFingerprint("CRC-64-AVRO", schema);
            header = Arrays.copyOf(MARKER, MARKER.length + fingerprint.length);
            System.arraycopy(fingerprint, 0, header, MARKER.length, fingerprint.length);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Avro has its own fingerprint", e);
        }
    }

    T read(byte[] bytes) {
        try {
            if (!Arrays.equals(bytes, 0, Math.min(header.length, bytes.length), header, 0, header.length)) {
                return others.decode(bytes);
            }
            var decoder = DecoderFactory.get()
                    .binaryDecoder(bytes, header.length, bytes.length - header.length, DECODERS.get());
            DECODERS.set(decoder);
            return reader.read(null, decoder);
        } catch (IOException e) {
            throw new UncheckedIOException("a row in the store cannot be read by this version", e);
        }
    }
}
