package io.stepstream.audit.export;

import io.stepstream.audit.records.HistoryScan.Entry;
import io.stepstream.audit.records.ShownPayloads;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.avro.Event;
import io.stepstream.schemas.avro.EventDetail;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.MintedToken;
import io.stepstream.schemas.avro.Payload;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/** An Avro object container file of history records, as the topic has them but for their secrets (Avro specification, "Object container files"). */
final class AvroContainer implements HistorySink {
    private static final int DEFLATE_LEVEL = 6;

    private final DataFileWriter<HistoryRecord> out;

    AvroContainer(OutputStream to) throws IOException {
        var model = SpecificData.getForClass(HistoryRecord.class);
        out = new DataFileWriter<HistoryRecord>(new SpecificDatumWriter<>(HistoryRecord.SCHEMA$, model))
                .setCodec(CodecFactory.deflateCodec(DEFLATE_LEVEL))
                .create(HistoryRecord.SCHEMA$, new Open(to));
    }

    @Override
    public void write(Entry entry) throws IOException {
        out.append(redacted(entry.record()));
    }

    /** The record, which is nobody else's, without its secrets. */
    private static HistoryRecord redacted(HistoryRecord record) {
        set(
                record,
                "tokens",
                record.getTokens().stream()
                        .map(minted -> new MintedToken(minted.getTicket(), null))
                        .toList());
        set(
                record,
                "payloads",
                record.getPayloads().stream().map(AvroContainer::redacted).toList());
        if (SealedRecords.keyId(record).isEmpty()) {
            record.getEvents().forEach(AvroContainer::redact);
        }
        return record;
    }

    private static Payload redacted(Payload payload) {
        return payload.getContent() instanceof String text ? Payloads.of(ShownPayloads.hidden(text)) : payload;
    }

    private static void redact(Event event) {
        for (EventDetail detail : event.getDetails()) {
            if (detail.getValue() instanceof String text) {
                set(detail, "value", ShownPayloads.hidden(text));
            }
        }
    }

    private static void set(SpecificRecord record, String field, Object value) {
        record.put(record.getSchema().getField(field).pos(), value);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** Avro's writer closes its stream, which is not its own here. */
    private static final class Open extends FilterOutputStream {
        Open(OutputStream to) {
            super(to);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
