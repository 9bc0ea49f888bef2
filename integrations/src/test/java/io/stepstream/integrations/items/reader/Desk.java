package io.stepstream.integrations.items.reader;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.items.store.ObjectAddress;
import io.stepstream.integrations.items.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A reader on a store, asked as the engine asks: page after page, each held to what a page promises. */
final class Desk implements AutoCloseable {

    static final String GET = "arn:aws:states:::s3:getObject";
    static final String LIST = "arn:aws:states:::s3:listObjectsV2";
    static final int LARGE = 200_000;

    private final ObjectStore store;
    private final ItemReader reader;
    private final String bucket;

    Desk(ObjectStore store, String bucket) {
        this.store = store;
        this.reader = new ItemReader(store, 1 << 20);
        this.bucket = bucket;
    }

    void put(String key, String content) throws IOException {
        put(key, content.getBytes(StandardCharsets.UTF_8));
    }

    void put(String key, byte[] content) throws IOException {
        store.write(ObjectAddress.of(bucket, key), content, "text/plain");
    }

    /** A request for the first page of an object. */
    ObjectNode object(String key, String config) {
        ObjectNode request = request(GET, config);
        request.withObject("parameters").put("Key", key);
        return request;
    }

    /** A request for the first page of a listing. */
    ObjectNode listing(String prefix, String config) {
        ObjectNode request = request(LIST, config);
        request.withObject("parameters").put("Prefix", prefix);
        return request;
    }

    private ObjectNode request(String resource, String config) {
        try {
            ObjectNode request = ItemJson.MAPPER.createObjectNode().put("resource", resource);
            request.set("readerConfig", ItemJson.MAPPER.readTree(config));
            request.withObject("parameters").put("Bucket", bucket);
            request.putNull("cursor");
            return request.put("maxItems", 1000).put("maxBytes", LARGE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** One page: its items, and the cursor. */
    JsonNode page(JsonNode request) throws ItemReaderFailed {
        try {
            // As the worker writes it and the engine reads it.
            return ItemJson.MAPPER.readTree(ItemJson.MAPPER.writeValueAsString(reader.read(request)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The items of all pages, of at most so much each. */
    List<JsonNode> all(ObjectNode request, int maxItems, int maxBytes) throws ItemReaderFailed {
        List<JsonNode> items = new ArrayList<>();
        ObjectNode next = request.deepCopy().put("maxItems", maxItems).put("maxBytes", maxBytes);
        while (true) {
            JsonNode page = page(next);
            JsonNode cursor = page.path("cursor");
            assertThat(page.path("items").size()).isLessThanOrEqualTo(maxItems);
            assertThat(page.path("items").toString().getBytes(StandardCharsets.UTF_8).length)
                    .isLessThanOrEqualTo(maxBytes);
            page.path("items").forEach(items::add);
            if (cursor.isNull()) {
                return items;
            }
            assertThat(page.path("items").size()).as("items with a cursor").isPositive();
            next.set("cursor", cursor);
        }
    }

    List<JsonNode> all(ObjectNode request) throws ItemReaderFailed {
        return all(request, 1000, LARGE);
    }

    String text(ObjectNode request) throws ItemReaderFailed {
        return all(request).toString().replace(", ", ",");
    }

    @Override
    public void close() {
        reader.close();
        store.close();
    }
}
