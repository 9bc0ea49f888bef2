package io.stepstream.orchestrator.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.orchestrator.rows.avro.Answered;
import io.stepstream.orchestrator.rows.avro.Data;
import io.stepstream.orchestrator.rows.avro.ExecutionRecord;
import io.stepstream.orchestrator.rows.avro.Frame;
import io.stepstream.orchestrator.rows.avro.HeldExecution;
import io.stepstream.orchestrator.rows.avro.KeptRecord;
import io.stepstream.orchestrator.rows.avro.LimitMark;
import io.stepstream.orchestrator.rows.avro.LimitRow;
import io.stepstream.orchestrator.rows.avro.PauseMark;
import io.stepstream.orchestrator.rows.avro.PurgeMark;
import io.stepstream.orchestrator.rows.avro.QueuedTurn;
import io.stepstream.orchestrator.rows.avro.TaskNameMark;
import io.stepstream.orchestrator.rows.avro.TaskNameSpread;
import io.stepstream.orchestrator.rows.avro.TurnRow;
import io.stepstream.orchestrator.rows.avro.Wait;
import io.stepstream.orchestrator.views.avro.IndexedStep;
import io.stepstream.orchestrator.views.avro.ListedExecution;
import io.stepstream.orchestrator.views.avro.MapRunRow;
import io.stepstream.orchestrator.views.avro.PendingApproval;
import io.stepstream.orchestrator.views.avro.TaskState;
import io.stepstream.schemas.avro.ActivityResource;
import io.stepstream.schemas.avro.StateMachineResource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Rows that released versions have written are read as they were meant. Their bytes are kept in {@code src/test/resources/released}, a line
 * each in hexadecimal, and their schemas with the code that reads them; {@code -Drows.release=<version>} writes both of today's code, and
 * released folders are never changed.
 */
class ReleasedRowsTest {
    private static final Path BYTES = Path.of("src/test/resources/released");
    private static final Path SCHEMAS = Path.of("src/main/resources/io/stepstream/orchestrator/rows/released");
    private static final int SAMPLES = 8;

    /**
     * A type of row.
     *
     * @param sample bytes of one, made by today's code
     * @param again through the code that uses it: what is made of the bytes, written by today's code
     */
    private record Kind(
            Class<? extends SpecificRecord> type, Function<Random, byte[]> sample, Function<byte[], byte[]> again) {
        Schema today() {
            return SpecificData.get().getSchema(type);
        }

        String name() {
            return today().getName();
        }
    }

    private static final List<Kind> KINDS = List.of(
            new Kind(
                    ExecutionRecord.class,
                    random -> RowCodec.encode(SampleRows.packed(random)),
                    bytes -> RowCodec.encode(RowCodec.execution(bytes))),
            new Kind(
                    Data.class,
                    random -> RowCodec.encode(SampleRows.document(random)),
                    bytes -> RowCodec.encode(RowCodec.document(bytes))),
            new Kind(
                    Frame.class,
                    random -> RowCodec.encode(SampleRows.frame(random)),
                    bytes -> RowCodec.encode(RowCodec.frame(bytes))),
            new Kind(
                    Wait.class,
                    random -> RowCodec.encode(SampleRows.waiting(random)),
                    bytes -> RowCodec.encode(RowCodec.waiting(bytes))),
            new Kind(
                    Answered.class,
                    random -> RowCodec.encode(SampleRows.verdict(random)),
                    bytes -> RowCodec.encode(RowCodec.verdict(bytes))),
            plain(StateMachineResource.class, StateMachineResource.getDecoder(), StateMachineResource.getEncoder()),
            plain(ActivityResource.class, ActivityResource.getDecoder(), ActivityResource.getEncoder()),
            plain(PauseMark.class, PauseMark.getDecoder(), PauseMark.getEncoder()),
            plain(HeldExecution.class, HeldExecution.getDecoder(), HeldExecution.getEncoder()),
            plain(TaskNameMark.class, TaskNameMark.getDecoder(), TaskNameMark.getEncoder()),
            plain(TaskNameSpread.class, TaskNameSpread.getDecoder(), TaskNameSpread.getEncoder()),
            plain(LimitMark.class, LimitMark.getDecoder(), LimitMark.getEncoder()),
            plain(LimitRow.class, LimitRow.getDecoder(), LimitRow.getEncoder()),
            plain(QueuedTurn.class, QueuedTurn.getDecoder(), QueuedTurn.getEncoder()),
            plain(TurnRow.class, TurnRow.getDecoder(), TurnRow.getEncoder()),
            plain(PurgeMark.class, PurgeMark.getDecoder(), PurgeMark.getEncoder()),
            plain(KeptRecord.class, KeptRecord.getDecoder(), KeptRecord.getEncoder()),
            plain(IndexedStep.class, IndexedStep.getDecoder(), IndexedStep.getEncoder()),
            plain(ListedExecution.class, ListedExecution.getDecoder(), ListedExecution.getEncoder()),
            plain(MapRunRow.class, MapRunRow.getDecoder(), MapRunRow.getEncoder()),
            plain(TaskState.class, TaskState.getDecoder(), TaskState.getEncoder()),
            plain(PendingApproval.class, PendingApproval.getDecoder(), PendingApproval.getEncoder()));

    /** A row that is used as Avro's record: any that its schema allows. */
    private static <T extends SpecificRecord> Kind plain(
            Class<T> type, BinaryMessageDecoder<T> decoder, BinaryMessageEncoder<T> encoder) {
        var reader = new RowReader<>(type, decoder);
        return new Kind(
                type,
                random -> random(SpecificData.get().getSchema(type), random),
                bytes -> unchecked(() -> array(encoder.encode(reader.read(bytes)))));
    }

    @TestFactory
    Stream<DynamicTest> everyReleasedRowIsReadAsItWas() throws IOException {
        var release = System.getProperty("rows.release", "");
        if (!release.isEmpty()) {
            write(release);
        }
        List<String> versions = Files.readAllLines(SCHEMAS.resolve("versions"));
        assertThat(versions).isNotEmpty();
        return versions.stream()
                .flatMap(version -> KINDS.stream()
                        .filter(kind -> Files.exists(BYTES.resolve(version).resolve(kind.name() + ".hex")))
                        .map(kind ->
                                DynamicTest.dynamicTest(version + " " + kind.name(), () -> isRead(version, kind))));
    }

    private static void isRead(String version, Kind kind) throws IOException {
        var then = schema(version, kind.name());
        for (var line : Files.readAllLines(BYTES.resolve(version).resolve(kind.name() + ".hex"))) {
            var bytes = HexFormat.of().parseHex(line);
            var written = new BinaryMessageDecoder<GenericRecord>(GenericData.get(), then).decode(bytes);
            var today = new BinaryMessageDecoder<GenericRecord>(GenericData.get(), kind.today())
                    .decode(kind.again().apply(bytes));
            assertThat(differences("", written, today)).as(line).isEmpty();
        }
    }

    /** Nothing that a release has written may be without a reader, and no type without bytes. */
    @TestFactory
    Stream<DynamicTest> everyReleasedSchemaHasItsBytes() throws IOException {
        return Files.readAllLines(SCHEMAS.resolve("versions")).stream()
                .map(version -> DynamicTest.dynamicTest(
                        version,
                        () -> assertThat(names(SCHEMAS.resolve(version)))
                                .isNotEmpty()
                                .isEqualTo(names(BYTES.resolve(version)))));
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString().replaceFirst("\\..*", ""))
                    .sorted()
                    .toList();
        }
    }

    /** Where what is read differs from what was written; fields that there were not then do not count. */
    private static List<String> differences(String at, Object written, Object read) {
        var found = new ArrayList<String>();
        switch (written) {
            case IndexedRecord record
            when read instanceof IndexedRecord other -> {
                if (!record.getSchema().getFullName().equals(other.getSchema().getFullName())) {
                    found.add(at + ": " + record + " is read as " + other);
                    break;
                }
                for (var field : record.getSchema().getFields()) {
                    found.addAll(differences(
                            at + "/" + field.name(),
                            record.get(field.pos()),
                            ((GenericRecord) other).get(field.name())));
                }
            }
            case List<?> list
            when read instanceof List<?> other && list.size() == other.size() ->
                IntStream.range(0, list.size())
                        .forEach(i -> found.addAll(differences(at + "/" + i, list.get(i), other.get(i))));
            case null, default -> {
                if (!String.valueOf(written).equals(String.valueOf(read))) {
                    found.add(at + ": " + written + " is read as " + read);
                }
            }
        }
        return found;
    }

    private static Schema schema(String version, String name) throws IOException {
        return new Schema.Parser()
                .parse(Files.readString(SCHEMAS.resolve(version).resolve(name + ".avsc")));
    }

    private static void write(String version) throws IOException {
        Files.createDirectories(BYTES.resolve(version));
        Files.createDirectories(SCHEMAS.resolve(version));
        for (var kind : KINDS) {
            var random = new Random(kind.name().hashCode());
            Files.writeString(
                    SCHEMAS.resolve(version).resolve(kind.name() + ".avsc"),
                    kind.today().toString(true) + "\n");
            Files.write(
                    BYTES.resolve(version).resolve(kind.name() + ".hex"),
                    Stream.generate(() -> HexFormat.of().formatHex(kind.sample().apply(random)))
                            .limit(SAMPLES)
                            .toList());
        }
        var versions = Files.exists(SCHEMAS.resolve("versions"))
                ? new ArrayList<>(Files.readAllLines(SCHEMAS.resolve("versions")))
                : new ArrayList<String>();
        if (!versions.contains(version)) {
            versions.add(version);
        }
        Files.write(SCHEMAS.resolve("versions"), versions);
    }

    private static byte[] random(Schema schema, Random random) {
        var data = new RandomData(schema, 1, random.nextLong()).iterator().next();
        return unchecked(() -> array(new BinaryMessageEncoder<>(GenericData.get(), schema).encode(data)));
    }

    private static byte[] array(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @FunctionalInterface
    private interface Encoding {
        byte[] bytes() throws IOException;
    }

    private static byte[] unchecked(Encoding encoding) {
        try {
            return encoding.bytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
