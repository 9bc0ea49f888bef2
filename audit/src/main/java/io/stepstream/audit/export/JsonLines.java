package io.stepstream.audit.export;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.audit.records.HistoryScan.Entry;
import io.stepstream.audit.records.RecordJson;
import java.io.IOException;
import java.io.OutputStream;

/** One history record a line, decoded (jsonlines.org). */
final class JsonLines implements HistorySink {
    private final ObjectMapper mapper = new ObjectMapper();
    private final JsonGenerator out;

    JsonLines(OutputStream to) throws IOException {
        out = mapper.createGenerator(to).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        out.setRootValueSeparator(null);
    }

    @Override
    public void write(Entry entry) throws IOException {
        mapper.writeTree(out, RecordJson.of(entry));
        out.writeRaw('\n');
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
