package io.stepstream.integrations.items.reader;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.items.store.ListedObject;
import io.stepstream.integrations.items.store.Listing;
import io.stepstream.integrations.items.store.ObjectStore;
import io.stepstream.worker.TaskContext;
import io.stepstream.worker.TaskError;
import io.stepstream.worker.TaskHandler;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** Answers pages of a distributed Map's items. It keeps nothing between two pages that another worker would need. */
public final class ItemReader implements TaskHandler<JsonNode>, AutoCloseable {

    /** The task's registered name. */
    public static final String TASK_NAME = "stepstream-item-reader";

    private final ObjectStore store;
    private final InflatedContents contents;

    /**
     * Reads from a store.
     *
     * @param inflatedBytes at most so many bytes of temporary files for what gzip files inflate to
     */
    public ItemReader(ObjectStore store, long inflatedBytes) {
        this.store = store;
        this.contents = new InflatedContents(inflatedBytes);
    }

    @Override
    public Object handle(JsonNode request, TaskContext task) throws TaskError {
        try {
            return read(request);
        } catch (ItemReaderFailed e) {
            throw new TaskError(ItemReaderFailed.ERROR, String.valueOf(e.getMessage()), e);
        }
    }

    /** A page: {@code {"items": [...], "cursor": ...}}, with at least one item or a null cursor. */
    Page.Answer read(JsonNode json) throws ItemReaderFailed {
        ReadRequest request = ReadRequest.parse(json);
        try {
            return switch (request.source()) {
                case ItemSource.Entries entries -> entries(entries, request);
                case ItemSource.InFiles files -> items(files(files), request);
            };
        } catch (ContentStream.TooLong e) {
            throw new ItemReaderFailed(
                    "an entry of the manifest is longer than " + ContentStream.LONGEST_ITEM + " bytes", e);
        } catch (IOException e) {
            throw new ItemReaderFailed(String.valueOf(e.getMessage()), e);
        }
    }

    private ItemFiles files(ItemSource.InFiles source) throws ItemReaderFailed, IOException {
        return switch (source) {
            case ItemSource.OneObject one -> new OneFile(store, one.address(), one.format());
            case ItemSource.ListedObjects listed -> new ListedFiles(store, listed);
            case ItemSource.Inventory inventory -> InventoryFiles.open(store, inventory.manifest());
            case ItemSource.AthenaData athena -> AthenaFiles.open(store, athena.manifest(), athena.format());
        };
    }

    /** What a page may still take, of all that are wanted. */
    private static Page page(ReadRequest request) {
        OptionalLong all = request.maxItems();
        long left = all.isPresent() ? all.getAsLong() - request.cursor().read() : Long.MAX_VALUE;
        return new Page((int) Math.max(0, Math.min(left, request.pageItems())), request.pageBytes());
    }

    /** Whether with this page all items are read that are wanted. */
    private static boolean isEnough(ReadRequest request, Page page) {
        return request.maxItems().isPresent()
                && request.cursor().read() + page.items() >= request.maxItems().getAsLong();
    }

    private Page.Answer items(ItemFiles files, ReadRequest request) throws ItemReaderFailed, IOException {
        Cursor cursor = request.cursor();
        if (cursor.manifestTag().isPresent() && !cursor.manifestTag().equals(files.manifestTag())) {
            throw new ItemReaderFailed("the manifest has changed since its first page was read; start again");
        }
        Page page = page(request);
        String place = cursor.place();
        Optional<Cursor.InFile> inFile = cursor.inFile();
        while (!isEnough(request, page)) {
            Optional<ItemFiles.ItemFile> file = files.at(place);
            if (file.isEmpty()) {
                return page.lastAnswer();
            }
            String tag = file.get().object().tag();
            Optional<Position> rest = read(file.get(), inFile, files.format(), page);
            if (rest.isPresent() && !isEnough(request, page)) {
                var next = new Cursor(
                        cursor.read() + page.items(),
                        files.manifestTag(),
                        place,
                        Optional.of(new Cursor.InFile(tag, rest.get())));
                return page.answer(next.json());
            }
            place = file.get().after();
            inFile = Optional.empty();
        }
        return page.lastAnswer();
    }

    private Optional<Position> read(
            ItemFiles.ItemFile file, Optional<Cursor.InFile> inFile, ItemFormat format, Page page)
            throws ItemReaderFailed, IOException {
        if (inFile.isPresent() && !inFile.get().tag().equals(file.object().tag())) {
            throw new ItemReaderFailed(file.object().address()
                    + " has changed since its first page was read; its items would be a mixture of two contents."
                    + " Write new content under a new key, or start again");
        }
        Position from = inFile.map(Cursor.InFile::position).orElse(Position.START);
        try (Content content = contents.of(store, file.object())) {
            return format.read(content, from, page);
        }
    }

    private Page.Answer entries(ItemSource.Entries source, ReadRequest request) throws ItemReaderFailed, IOException {
        Page page = page(request);
        String last = request.cursor().place();
        if (isEnough(request, page)) {
            return page.lastAnswer();
        }
        Listing listing = store.list(
                source.bucket(),
                source.prefix(),
                last.isEmpty() ? Optional.empty() : Optional.of(last),
                request.pageItems());
        for (ListedObject object : listing.objects()) {
            if (page.offer(entry(object), () -> "the listing's entry of " + object.key()) == Page.Taken.FULL) {
                return isEnough(request, page) ? page.lastAnswer() : goOnAfter(last, request, page);
            }
            last = object.key();
        }
        return switch (listing.rest()) {
            case MORE -> isEnough(request, page) ? page.lastAnswer() : goOnAfter(last, request, page);
            case NOTHING -> page.lastAnswer();
        };
    }

    private static Page.Answer goOnAfter(String key, ReadRequest request, Page page) {
        long read = request.cursor().read() + page.items();
        return page.answer(new Cursor(read, Optional.empty(), key, Optional.empty()).json());
    }

    /** An entry as AWS hands it to a distributed Map. */
    private static String entry(ListedObject object) {
        return ItemJson.MAPPER
                .createObjectNode()
                .put("Etag", object.tag())
                .put("Key", object.key())
                .put("LastModified", object.lastModified().getEpochSecond())
                .put("Size", object.size())
                .put("StorageClass", object.storageClass())
                .toString();
    }

    @Override
    public void close() {
        contents.close();
    }
}
