package io.stepstream.asl.definition;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Expression;
import java.util.List;
import java.util.Optional;

/**
 * Where a distributed Map reads its items from.
 *
 * @param source what is read
 * @param resource its Resource, as written
 * @param config its ReaderConfig, as the worker gets it: without the bound on items, which the run keeps
 * @param arguments the resource's Parameters or Arguments: {@code Bucket} with {@code Key} or {@code Prefix}
 * @param maxItems how many items are taken at most; 0 for all
 */
public record ItemReader(
        Source source,
        String resource,
        Document config,
        Expression<Document> arguments,
        Optional<Expression<Long>> maxItems) {

    /** What is read. */
    public sealed interface Source {

        /** {@code s3:getObject}: the items are in one object. */
        record Contents(Format format) implements Source {}

        /** {@code s3:listObjectsV2}: the items are the objects' descriptions. */
        record Listing() implements Source {}

        /** {@code s3:listObjectsV2} with Transformation LOAD_AND_FLATTEN: the items are in all objects of the listing. */
        record ListedContents(Format format) implements Source {}
    }

    /** How items lie in an object: its InputType. */
    public sealed interface Format {

        /**
         * An array of items, or an object whose fields are the items.
         *
         * @param itemsPointer a JSON Pointer (RFC 6901) to them
         */
        record Json(Optional<String> itemsPointer) implements Format {}

        /** One item a line. */
        record JsonLines() implements Format {}

        /** One item a row: an object of the columns' texts by header. */
        record Csv(CsvHeader header, char delimiter) implements Format {}

        /** The object lists others. */
        record Manifest(ManifestType type) implements Format {}
    }

    /** Where the names of columns come from. */
    public sealed interface CsvHeader {
        record FirstRow() implements CsvHeader {}

        record Given(List<String> names) implements CsvHeader {
            public Given {
                names = List.copyOf(names);
            }
        }
    }

    /** Who wrote a manifest. */
    public enum ManifestType {
        S3_INVENTORY,
        ATHENA_DATA
    }
}
