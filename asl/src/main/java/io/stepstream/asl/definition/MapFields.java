package io.stepstream.asl.definition;

import static io.stepstream.asl.definition.FieldRule.Shape.*;
import static io.stepstream.asl.definition.StateLanguage.QueryLanguage.*;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.FieldRule.Shape;
import io.stepstream.asl.definition.StateLanguage.QueryLanguage;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The fields of the objects inside a Map state, and what their values look like. One row a field. */
enum MapFields {
    PROCESSOR_CONFIG("ProcessorConfig", both("Mode", STRING), both("ExecutionType", STRING)),
    ITEM_READER(
            "ItemReader",
            both("Resource", STRING),
            in(JSON_PATH, "Parameters", OBJECT),
            in(JSONATA, "Arguments", OBJECT),
            both("ReaderConfig", OBJECT)),
    READER_CONFIG(
            "ReaderConfig",
            both("InputType", STRING),
            both("Transformation", STRING),
            both("ManifestType", STRING),
            both("CSVHeaderLocation", STRING),
            both("CSVHeaders", NON_EMPTY_ARRAY),
            both("CSVDelimiter", STRING),
            both("ItemsPointer", STRING),
            both("MaxItems", NOT_NEGATIVE),
            in(JSON_PATH, "MaxItemsPath", STRING)),
    ITEM_BATCHER(
            "ItemBatcher",
            both("MaxItemsPerBatch", POSITIVE),
            in(JSON_PATH, "MaxItemsPerBatchPath", STRING),
            both("MaxInputBytesPerBatch", POSITIVE),
            in(JSON_PATH, "MaxInputBytesPerBatchPath", STRING),
            both("BatchInput", OBJECT)),
    RESULT_WRITER(
            "ResultWriter",
            both("Resource", STRING),
            in(JSON_PATH, "Parameters", OBJECT),
            in(JSONATA, "Arguments", OBJECT),
            both("WriterConfig", OBJECT)),
    WRITER_CONFIG("WriterConfig", both("OutputType", STRING), both("Transformation", STRING));

    private final String object;
    private final List<FieldRule> rows;

    MapFields(String object, FieldRule... rows) {
        this.object = object;
        this.rows = List.of(rows);
    }

    private static FieldRule both(String field, Shape shape) {
        return new FieldRule(field, shape, Set.of(), EnumSet.allOf(QueryLanguage.class));
    }

    private static FieldRule in(QueryLanguage language, String field, Shape shape) {
        return new FieldRule(field, shape, Set.of(), EnumSet.of(language));
    }

    /** The field that holds the object. */
    String object() {
        return object;
    }

    /** Checks the fields of one of these objects. */
    void check(QueryLanguage language, ObjectNode json, String path, Findings findings) {
        for (var entry : json.properties()) {
            rows.stream()
                    .filter(row -> row.field().equals(entry.getKey()))
                    .findFirst()
                    .ifPresentOrElse(
                            row -> row.check(language, entry.getValue(), path, findings),
                            () -> findings.add(Rule.UNSUPPORTED_FIELD, path, entry.getKey()));
        }
    }
}
