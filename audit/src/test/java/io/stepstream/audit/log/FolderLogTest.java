package io.stepstream.audit.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from a stopped broker's folder, and what of it being touched is found without looking at records at all. */
class FolderLogTest {
    /** Leader epoch in a batch's header: the broker sets it after the checksum is made, and nobody else reads it. */
    private static final int EPOCH_FROM = 12;

    private static final int EPOCH_TO = 16;

    @TempDir
    Path folder;

    private final List<Integer> batches = new ArrayList<>();
    private Path segment = Path.of("");

    @BeforeEach
    void write() throws IOException {
        var partition = Files.createDirectories(folder.resolve("stepstream.history-0"));
        Files.writeString(folder.resolve("meta.properties"), "version=1\n");
        segment = partition.resolve("00000000000000000000.log");
        append(records(0, 1, "a", "b"));
        append(marker(2, 1, ControlRecordType.COMMIT));
        append(records(3, 2, "aborted"));
        append(records(4, 1, "c"));
        append(marker(5, 2, ControlRecordType.ABORT));
        append(marker(6, 1, ControlRecordType.COMMIT));
        append(records(7, 1, "not committed"));
        append(records(8, 2, "d"));
        append(marker(9, 2, ControlRecordType.COMMIT));
    }

    private static MemoryRecords records(long offset, long producer, String... values) {
        var records = Arrays.stream(values)
                .map(value -> new SimpleRecord(1, "key".getBytes(UTF_8), value.getBytes(UTF_8)))
                .toArray(SimpleRecord[]::new);
        return MemoryRecords.withTransactionalRecords(offset, Compression.NONE, producer, (short) 0, 0, 0, records);
    }

    private static MemoryRecords marker(long offset, long producer, ControlRecordType type) {
        return MemoryRecords.withEndTransactionMarker(
                offset, 1, 0, producer, (short) 0, new EndTransactionMarker(type, 0));
    }

    private void append(MemoryRecords records) throws IOException {
        try (var channel = FileChannel.open(segment, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            batches.add((int) channel.size());
            var bytes = records.buffer().duplicate();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /** What a reader gives: values, and the offsets where it says that something is damaged. */
    private record Given(List<String> values, List<Long> damaged) {}

    private Given read() {
        var values = new ArrayList<String>();
        var damaged = new TreeSet<Long>();
        try (var log = new FolderLog(folder);
                var reader = log.read(LogTopic.HISTORY, 0)) {
            var more = true;
            while (more) {
                try {
                    more = reader.hasNext();
                    if (more) {
                        values.add(
                                new String(reader.next().value().orElseThrow().get(), UTF_8));
                    }
                } catch (DamagedLog e) {
                    damaged.add(e.offset());
                }
            }
        }
        return new Given(values, List.copyOf(damaged));
    }

    @Test
    void onlyWhatIsCommittedIsReadUpToTheFirstTransactionThatIsNot() {
        assertThat(read()).isEqualTo(new Given(List.of("a", "b", "c"), List.of()));
    }

    @Test
    void everyByteOfASegmentFlippedIsFoundButForTheLeadersEpoch() throws IOException {
        var bytes = Files.readAllBytes(segment);
        var found = 0;
        for (var at = 0; at < bytes.length; at++) {
            var touched = bytes.clone();
            touched[at] ^= (byte) (1 << at % 8);
            Files.write(segment, touched);
            if (isLeadersEpoch(at)) {
                assertThat(read()).isEqualTo(new Given(List.of("a", "b", "c"), List.of()));
            } else {
                assertThat(read().damaged()).as("byte %d", at).isNotEmpty();
                found++;
            }
        }
        System.out.printf(
                "%d bytes of a segment flipped, %d found, the others are leaders' epochs%n", bytes.length, found);
    }

    private boolean isLeadersEpoch(int at) {
        var batch = batches.stream()
                .filter(begin -> begin <= at)
                .max(Integer::compare)
                .orElseThrow();
        return at - batch >= EPOCH_FROM && at - batch < EPOCH_TO;
    }

    @Test
    void aSegmentThatIsCutOffWithinABatchOrHasALaterBeginningIsFound() throws IOException {
        var bytes = Files.readAllBytes(segment);
        Files.write(segment, Arrays.copyOf(bytes, bytes.length - 3));
        assertThat(read().damaged()).isNotEmpty();
        var first = ByteBuffer.wrap(bytes).getInt(8) + 12;
        Files.write(segment, Arrays.copyOfRange(bytes, first, bytes.length));
        assertThat(read().damaged()).isNotEmpty();
    }

    @Test
    void aFolderThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new FolderLog(folder.resolve("nowhere")))
                .isInstanceOf(UnreadableLog.class)
                .hasMessageContaining("is no data folder");
    }
}
