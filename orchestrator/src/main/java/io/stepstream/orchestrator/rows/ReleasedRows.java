package io.stepstream.orchestrator.rows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * The rows of released versions, which stores still hold: rows name their schema by its fingerprint, and what a fingerprint stands for must
 * be known here. Each release keeps its schemas in a folder of its own, {@code released/<version>}, which is never changed.
 */
public final class ReleasedRows {
    private static final List<String> VERSIONS = lines("released/versions");

    private ReleasedRows() {}

    /** Makes a decoder read what every released version has written of its type. */
    public static <T extends SpecificRecord> BinaryMessageDecoder<T> readBy(
            BinaryMessageDecoder<T> decoder, Class<T> type) {
        schemas(type).forEach(decoder::addSchema);
        return decoder;
    }

    /** The schemas that a type of row has had in releases, the first one first; none if it is newer than they are. */
    public static Stream<Schema> schemas(Class<? extends SpecificRecord> type) {
        var name = SpecificData.get().getSchema(type).getName();
        return VERSIONS.stream()
                .map(version -> "released/" + version + "/" + name + ".avsc")
                .filter(file -> ReleasedRows.class.getResource(file) != null)
                .map(file -> new Schema.Parser().parse(String.join("\n", lines(file))));
    }

    private static List<String> lines(String file) {
        try (var in = ReleasedRows.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("this jar has lost its " + file + ": build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
