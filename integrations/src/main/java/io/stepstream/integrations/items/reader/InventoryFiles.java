package io.stepstream.integrations.items.reader;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.items.request.Fields;
import io.stepstream.integrations.items.store.ObjectAddress;
import io.stepstream.integrations.items.store.ObjectStore;
import io.stepstream.integrations.items.store.StoredObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The CSV files of an S3 inventory. Its manifest names them and their columns; a place is a file's number in it. An item is a row as it
 * stands in the file, so keys of objects are URL-encoded.
 */
final class InventoryFiles implements ItemFiles {

    /** Bytes of a manifest: one of 16 MiB names more than 50,000 files. */
    private static final int LARGEST_MANIFEST = 16 * 1024 * 1024;

    private static final String BUCKET_ARN = "arn:aws:s3:::";

    private final ObjectStore store;
    private final StoredObject manifest;
    private final String bucket;
    private final JsonNode files;
    private final ItemFormat format;

    private InventoryFiles(ObjectStore store, StoredObject manifest, String bucket, JsonNode files, ItemFormat format) {
        this.store = store;
        this.manifest = manifest;
        this.bucket = bucket;
        this.files = files;
        this.format = format;
    }

    static InventoryFiles open(ObjectStore store, ObjectAddress address) throws ItemReaderFailed, IOException {
        StoredObject manifest = store.find(address);
        if (manifest.size() == 0 || manifest.size() > LARGEST_MANIFEST) {
            throw new ItemReaderFailed(address + " has " + manifest.size() + " bytes; an inventory's manifest has 1 to "
                    + LARGEST_MANIFEST + ". Give the manifest.json of an S3 inventory");
        }
        try {
            JsonNode json = ItemJson.MAPPER.readTree(store.read(manifest, 0, (int) manifest.size()));
            Fields fields = Fields.of(json);
            if (!fields.text("fileFormat").equals("CSV")) {
                throw new ItemReaderFailed(address + " is an inventory in the format " + fields.text("fileFormat")
                        + "; only CSV is read. Configure the inventory to be CSV");
            }
            List<String> columns = Arrays.stream(fields.text("fileSchema").split(","))
                    .map(String::strip)
                    .toList();
            JsonNode files = fields.optional("files")
                    .filter(JsonNode::isArray)
                    .orElseThrow(() -> fields.missing("files", "an array of the inventory's files"));
            return new InventoryFiles(
                    store,
                    manifest,
                    bucket(fields.text("destinationBucket")),
                    files,
                    new CsvItems(',', Optional.of(columns)));
        } catch (Fields.Invalid | JsonProcessingException e) {
            throw new ItemReaderFailed(
                    address + " is no manifest of an S3 inventory: " + e.getMessage() + ". Give its manifest.json", e);
        }
    }

    private static String bucket(String destination) {
        return destination.startsWith(BUCKET_ARN) ? destination.substring(BUCKET_ARN.length()) : destination;
    }

    @Override
    public Optional<ItemFile> at(String place) throws ItemReaderFailed, IOException {
        int number = Places.number(place);
        if (number >= files.size()) {
            return Optional.empty();
        }
        try {
            String key = Fields.of(files.get(number)).text("key");
            return Optional.of(new ItemFile(store.find(ObjectAddress.of(bucket, key)), Integer.toString(number + 1)));
        } catch (Fields.Invalid e) {
            throw new ItemReaderFailed(
                    "files[" + number + "] of " + manifest.address() + " names no file: " + e.getMessage(), e);
        }
    }

    @Override
    public ItemFormat format() {
        return format;
    }

    @Override
    public Optional<String> manifestTag() {
        return Optional.of(manifest.tag());
    }
}
