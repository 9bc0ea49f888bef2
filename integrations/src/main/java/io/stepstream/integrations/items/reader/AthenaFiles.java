package io.stepstream.integrations.items.reader;

import io.stepstream.integrations.items.store.ObjectAddress;
import io.stepstream.integrations.items.store.ObjectStore;
import io.stepstream.integrations.items.store.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The files that Athena has unloaded: its manifest has the URI of one on every line. A place is the offset of a line's first byte.
 */
final class AthenaFiles implements ItemFiles {

    private static final String SCHEME = "s3://";

    private final ObjectStore store;
    private final StoredObject manifest;
    private final ItemFormat format;

    private AthenaFiles(ObjectStore store, StoredObject manifest, ItemFormat format) {
        this.store = store;
        this.manifest = manifest;
        this.format = format;
    }

    static AthenaFiles open(ObjectStore store, ObjectAddress address, ItemFormat format) throws IOException {
        return new AthenaFiles(store, store.find(address), format);
    }

    @Override
    public Optional<ItemFile> at(String place) throws ItemReaderFailed, IOException {
        var stream = new ContentStream(new StoredContent(store, manifest), Places.offset(place));
        while (true) {
            long offset = stream.position();
            stream.fenceItem(offset);
            Optional<byte[]> line = stream.line();
            if (line.isEmpty()) {
                return Optional.empty();
            }
            String uri = unquoted(new String(line.get(), StandardCharsets.UTF_8).strip());
            if (!uri.isEmpty()) {
                return Optional.of(new ItemFile(store.find(address(uri, offset)), Long.toString(stream.position())));
            }
        }
    }

    private ObjectAddress address(String uri, long offset) throws ItemReaderFailed {
        int slash = uri.indexOf('/', SCHEME.length());
        if (!uri.startsWith(SCHEME) || slash < 0 || slash == uri.length() - 1) {
            throw new ItemReaderFailed("the line at byte " + offset + " of " + manifest.address()
                    + " is not as s3://bucket/key; give the manifest that Athena's UNLOAD has written");
        }
        return ObjectAddress.of(uri.substring(SCHEME.length(), slash), uri.substring(slash + 1));
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1).replace("\"\"", "\"") : text;
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
