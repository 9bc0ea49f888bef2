package io.stepstream.audit.export;

import io.stepstream.audit.records.HistoryScan.Entry;
import java.io.IOException;

/** Takes history records, one after the other, and keeps none. */
public interface HistorySink extends AutoCloseable {

    /** Writes a record. */
    void write(Entry entry) throws IOException;

    /** Writes what ends the file. */
    @Override
    void close() throws IOException;
}
