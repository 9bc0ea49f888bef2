package io.stepstream.integrations.items.reader;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.items.store.Listing;
import io.stepstream.integrations.items.store.ObjectAddress;
import io.stepstream.integrations.items.store.ObjectStore;
import io.stepstream.integrations.items.store.StoreFailure;
import io.stepstream.integrations.items.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A file of a million rows, page by page. What it costs is counted in bytes read, not in seconds: linear in the file, and of the last
 * page no more than of the first.
 */
class LargeCsvTest {

    private static final int ROWS = 1_000_000;
    private static final String HEADER = "id,amount,currency,comment\n";
    private static final int ROW_BYTES = row(0).length;
    private static final int PAGE_ITEMS = 1000;

    private static byte[] row(long number) {
        byte[] row = "00000000,0000000000,EUR,\"order, 000000\"\n".getBytes(StandardCharsets.US_ASCII);
        putDigits(row, 8, number);
        putDigits(row, 19, number * 17);
        putDigits(row, row.length - 2, number % 1_000_000);
        return row;
    }

    private static void putDigits(byte[] row, int end, long number) {
        int at = end;
        for (long rest = number; rest > 0; rest /= 10) {
            row[--at] = (byte) ('0' + rest % 10);
        }
    }

    /** A store of one object that is computed where it is read, and counts what is read. */
    private static final class Computed implements ObjectStore {

        private long bytesRead;
        private long largestRead;

        @Override
        public StoredObject find(ObjectAddress address) {
            return new StoredObject(address, HEADER.length() + (long) ROWS * ROW_BYTES, "tag");
        }

        @Override
        public byte[] read(StoredObject object, long from, int length) {
            byte[] bytes = new byte[(int) Math.min(length, object.size() - from)];
            byte[] header = HEADER.getBytes(StandardCharsets.US_ASCII);
            int at = 0;
            while (at < bytes.length) {
                long offset = from + at;
                boolean inHeader = offset < header.length;
                long number = (offset - header.length) / ROW_BYTES;
                byte[] line = inHeader ? header : row(number);
                int start = (int) (inHeader ? offset : (offset - header.length) % ROW_BYTES);
                int taken = Math.min(line.length - start, bytes.length - at);
                System.arraycopy(line, start, bytes, at, taken);
                at += taken;
            }
            bytesRead += bytes.length;
            largestRead = Math.max(largestRead, bytes.length);
            return bytes;
        }

        @Override
        public Listing list(String bucket, String prefix, Optional<String> after, int most) throws StoreFailure {
            throw new StoreFailure("nothing is listed here");
        }

        @Override
        public void write(ObjectAddress address, byte[] content, String contentType) throws StoreFailure {
            throw new StoreFailure("nothing is written here");
        }

        @Override
        public void close() {}
    }

    @Test
    void aMillionRowsAreReadInPagesThatCostWhatIsOnThem() throws Exception {
        var store = new Computed();
        try (var desk = new Desk(store, "data");
                var reader = new ItemReader(store, 1)) {
            ObjectNode request = desk.object("file.csv", "{\"InputType\":\"CSV\",\"CSVHeaderLocation\":\"FIRST_ROW\"}");
            long rows = 0;
            long pages = 0;
            long costliest = 0;
            long nanos = 0;
            JsonNode cursor = request.path("cursor");
            do {
                request.set("cursor", cursor);
                long before = store.bytesRead;
                long start = System.nanoTime();
                Page.Answer page = reader.read(request);
                nanos += System.nanoTime() - start;
                costliest = Math.max(costliest, store.bytesRead - before);
                cursor = page.cursor();
                JsonNode items = ItemJson.MAPPER.readTree(page.items());
                assertThat(items.path(0).path("id").asLong()).isEqualTo(rows);
                rows += items.size();
                pages++;
                assertThat(items.path(items.size() - 1).path("comment").asText())
                        .isEqualTo("order, %06d".formatted((rows - 1) % 1_000_000));
            } while (!cursor.isNull());
            System.out.printf(
                    "%,d rows in %,d pages: %.1f s, %,.0f rows/s, %.1f bytes read for each byte of the file%n",
                    rows,
                    pages,
                    nanos / 1e9,
                    rows * 1e9 / nanos,
                    (double) store.bytesRead / (HEADER.length() + (long) ROWS * ROW_BYTES));

            assertThat(rows).isEqualTo(ROWS);
            assertThat(pages).isEqualTo(ROWS / PAGE_ITEMS);
            assertThat(costliest).as("bytes read for the costliest page").isLessThan(8L * PAGE_ITEMS * ROW_BYTES);
            assertThat(store.largestRead).as("bytes held at once").isLessThanOrEqualTo(4L << 20);
        }
    }
}
