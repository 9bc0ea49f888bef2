package io.stepstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.registry.SchemaRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The very bytes that released versions put on topics are read, field for field as they were written. A release keeps some of each type of
 * record in a folder of {@code src/test/resources/released-bytes}, a line each in hexadecimal, which {@code -Dschemas.release=<version>}
 * writes; released folders are never changed.
 */
class ReleasedRecordsTest {
    private static final Path BYTES = Path.of("src/test/resources/released-bytes");
    private static final Path SCHEMAS = Path.of("src/test/resources/released");
    private static final int SAMPLES = 12;
    private static final int FRAME_BYTES = 5;

    @TestFactory
    Stream<DynamicTest> everyReleasedRecordIsReadAsItWas() throws IOException {
        String release = System.getProperty("schemas.release", "");
        if (!release.isEmpty()) {
            write(release);
        }
        List<Path> versions;
        try (Stream<Path> folders = Files.list(SCHEMAS)) {
            versions = folders.map(Path::getFileName).sorted().toList();
        }
        assertThat(versions).isNotEmpty();
        return versions.stream()
                .flatMap(version -> SampleRecords.classes()
                        .filter(type -> Files.exists(schemaFile(version, type)))
                        .map(type -> DynamicTest.dynamicTest(
                                version + " " + type.getSimpleName(), () -> isRead(version.toString(), type))));
    }

    private static void isRead(String version, Class<? extends SpecificRecord> type) throws Exception {
        Schema then = new Schema.Parser().parse(Files.readString(schemaFile(Path.of(version), type)));
        RecordCodec codec = new RecordCodec(new OneSchema(then));
        List<String> lines = Files.readAllLines(bytesFile(version, type));
        assertThat(lines).hasSize(SAMPLES);
        for (String line : lines) {
            byte[] bytes = HexFormat.of().parseHex(line);
            GenericRecord written = new GenericDatumReader<GenericRecord>(then, then, GenericData.get())
                    .read(
                            null,
                            DecoderFactory.get().binaryDecoder(bytes, FRAME_BYTES, bytes.length - FRAME_BYTES, null));
            isSame("", written, codec.decode(bytes, type));
        }
    }

    /** Fields that there were not when it was written do not count. */
    private static void isSame(String at, Object written, Object read) {
        if (written instanceof IndexedRecord record) {
            IndexedRecord other = (IndexedRecord) read;
            assertThat(other.getSchema().getFullName())
                    .as(at)
                    .isEqualTo(record.getSchema().getFullName());
            for (Schema.Field field : record.getSchema().getFields()) {
                isSame(
                        at + "/" + field.name(),
                        record.get(field.pos()),
                        other.get(other.getSchema().getField(field.name()).pos()));
            }
        } else if (written instanceof List<?> list) {
            List<?> others = (List<?>) read;
            assertThat(others).as(at).hasSameSizeAs(list);
            for (int i = 0; i < list.size(); i++) {
                isSame(at + "/" + i, list.get(i), others.get(i));
            }
        } else {
            assertThat(String.valueOf(read instanceof java.time.Instant instant ? instant.toEpochMilli() : read))
                    .as(at)
                    .isEqualTo(String.valueOf(written));
        }
    }

    private static void write(String version) throws IOException {
        Files.createDirectories(BYTES.resolve(version));
        for (Class<? extends SpecificRecord> type : SampleRecords.classes().toList()) {
            Random random = new Random(type.getSimpleName().hashCode());
            RecordCodec codec = new RecordCodec(new OneSchema(SpecificData.get().getSchema(type)));
            Files.write(
                    bytesFile(version, type),
                    Stream.generate(() ->
                                    HexFormat.of().formatHex(codec.encode("any", SampleRecords.any(type, random))))
                            .limit(SAMPLES)
                            .toList());
        }
    }

    private static Path schemaFile(Path version, Class<?> type) {
        return SCHEMAS.resolve(version).resolve(type.getSimpleName() + ".avsc");
    }

    private static Path bytesFile(String version, Class<?> type) {
        return BYTES.resolve(version).resolve(type.getSimpleName() + ".hex");
    }

    /** A registry in which every id stands for the schema of the bytes at hand. */
    private record OneSchema(Schema schema) implements SchemaRegistry {
        @Override
        public int register(String subject, Schema asked) {
            return 1;
        }

        @Override
        public Schema byId(int id) {
            return schema;
        }
    }
}
