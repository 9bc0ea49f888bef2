package io.stepstream.audit.export;

import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.records.HistoryScan;
import io.stepstream.audit.records.HistorySelection;
import io.stepstream.schemas.MasterKeys;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Writes the history of a log for other tools, in constant memory. */
public final class HistoryExport {

    /** The forms that there are. */
    public enum Format {
        JSONL,
        AVRO,
        CSV
    }

    /**
     * What came of it.
     *
     * @param records how many records were written
     * @param damaged how many could not be read and are not in the file
     * @param damage the first of those
     */
    public record Written(long records, long damaged, List<HistoryScan.Damage> damage) {}

    private HistoryExport() {}

    /**
     * Writes the records that are meant; the stream is flushed and not closed.
     *
     * @param opening what is opened with: then the file outlives a purge; nothing is if it is absent
     * @throws IOException if they cannot be written
     */
    public static Written write(
            LogSource log, Optional<MasterKeys> opening, HistorySelection selection, Format format, OutputStream to)
            throws IOException {
        var scan = new HistoryScan(log, opening);
        var written = new long[1];
        try (var sink = sink(format, to)) {
            scan.run(selection, entry -> {
                try {
                    sink.write(entry);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                written[0]++;
                return true;
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        to.flush();
        return new Written(written[0], scan.damaged(), scan.damage());
    }

    private static HistorySink sink(Format format, OutputStream to) throws IOException {
        return switch (format) {
            case JSONL -> new JsonLines(to);
            case AVRO -> new AvroContainer(to);
            case CSV -> new CsvEvents(to);
        };
    }
}
