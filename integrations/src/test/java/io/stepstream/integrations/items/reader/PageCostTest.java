package io.stepstream.integrations.items.reader;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.items.store.Listing;
import io.stepstream.integrations.items.store.ObjectAddress;
import io.stepstream.integrations.items.store.ObjectStore;
import io.stepstream.integrations.items.store.StoreFailure;
import io.stepstream.integrations.items.store.StoredObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a page costs, counted in bytes read: in every format the last one no more than the second, and all together the file. */
class PageCostTest {

    private static final int ITEMS = 50_000;
    private static final int PAGE_ITEMS = 500;
    private static final String TEXT = "an order like others ".repeat(5);

    /** A store of one object in memory that counts what is read of it. */
    private static final class Counting implements ObjectStore {

        private final byte[] content;
        private long bytesRead;

        Counting(byte[] content) {
            this.content = content;
        }

        @Override
        public StoredObject find(ObjectAddress address) {
            return new StoredObject(address, content.length, "tag");
        }

        @Override
        public byte[] read(StoredObject object, long from, int length) {
            byte[] bytes = Arrays.copyOfRange(content, (int) from, (int) Math.min(from + length, content.length));
            bytesRead += bytes.length;
            return bytes;
        }

        @Override
        public Listing list(String bucket, String prefix, Optional<String> after, int most) throws StoreFailure {
            throw new StoreFailure("nothing is listed here");
        }

        @Override
        public void write(ObjectAddress address, byte[] written, String contentType) throws StoreFailure {
            throw new StoreFailure("nothing is written here");
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @CsvSource({"CSV,orders.csv", "JSON,orders.json", "JSONL,orders.jsonl", "JSONL,orders.jsonl.gz"})
    void aPageCostsWhatIsOnIt(String type, String key) throws Exception {
        byte[] content = content(type, key);
        var store = new Counting(content);
        try (var desk = new Desk(store, "data");
                var reader = new ItemReader(store, 1 << 30)) {
            ObjectNode request = desk.object(
                    key,
                    "{\"InputType\":\"" + type
                            + "\",\"CSVHeaderLocation\":\"FIRST_ROW\",\"ItemsPointer\":\"/orders\"}");
            request.put("maxItems", PAGE_ITEMS);
            int items = 0;
            long costliestLater = 0;
            JsonNode cursor = request.path("cursor");
            do {
                request.set("cursor", cursor);
                long before = store.bytesRead;
                Page.Answer page = reader.read(request);
                if (items > 0) {
                    costliestLater = Math.max(costliestLater, store.bytesRead - before);
                }
                items += ItemJson.MAPPER.readTree(page.items()).size();
                cursor = page.cursor();
            } while (!cursor.isNull());
            assertThat(items).isEqualTo(ITEMS);
            assertThat(store.bytesRead)
                    .as("bytes read of a file of %d", content.length)
                    .isLessThan(8L * content.length);
            assertThat(costliestLater).as("bytes read for a page").isLessThan(content.length / 10);
        }
    }

    private static byte[] content(String type, String key) throws IOException {
        String item = type.equals("CSV") ? "%d," + TEXT : "{\"id\":%d,\"text\":\"" + TEXT + "\"}";
        String separator = type.equals("JSON") ? "," : "\n";
        String items = IntStream.range(0, ITEMS).mapToObj(item::formatted).collect(Collectors.joining(separator));
        String text = switch (type) {
            case "CSV" -> "id,text\n" + items;
            case "JSON" -> "{\"skipped\":[" + items + "],\"orders\":[" + items + "],\"behind\":[" + items + "]}";
            default -> items;
        };
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        if (!key.endsWith(".gz")) {
            return plain;
        }
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        return bytes.toByteArray();
    }
}
