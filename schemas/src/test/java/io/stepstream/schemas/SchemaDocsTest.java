package io.stepstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schemas are the contract's text: whoever reads them reads nothing else. */
class SchemaDocsTest {

    @ParameterizedTest
    @MethodSource("io.stepstream.schemas.SampleRecords#schemas")
    void every_record_and_every_field_says_what_it_is(Schema schema) {
        List<String> silent = new ArrayList<>();
        visit(schema, silent, new ArrayList<>());
        assertThat(silent).isEmpty();
    }

    @Test
    void no_file_is_forgotten() throws IOException {
        List<String> visited = new ArrayList<>();
        SampleRecords.schemas().forEach(schema -> visit(schema, new ArrayList<>(), visited));
        try (Stream<Path> files = Files.list(Path.of("src/main/avro"))) {
            assertThat(files.map(file -> "io.stepstream.schemas.avro."
                            + file.getFileName().toString().replace(".avsc", "")))
                    .isNotEmpty()
                    .allMatch(visited::contains);
        }
    }

    private static void visit(Schema schema, List<String> silent, List<String> seen) {
        switch (schema.getType()) {
            case RECORD -> {
                if (!seen.contains(schema.getFullName())) {
                    seen.add(schema.getFullName());
                    if (isBlank(schema.getDoc())) {
                        silent.add(schema.getName());
                    }
                    for (Field field : schema.getFields()) {
                        if (isBlank(field.doc())) {
                            silent.add(schema.getName() + "." + field.name());
                        }
                        visit(field.schema(), silent, seen);
                    }
                }
            }
            case UNION -> schema.getTypes().forEach(type -> visit(type, silent, seen));
            case ARRAY -> visit(schema.getElementType(), silent, seen);
            case MAP -> visit(schema.getValueType(), silent, seen);
            case ENUM, FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
        }
    }

    private static boolean isBlank(@Nullable String doc) {
        return doc == null || doc.isBlank();
    }
}
