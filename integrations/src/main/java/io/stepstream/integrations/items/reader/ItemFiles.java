package io.stepstream.integrations.items.reader;

import io.stepstream.integrations.items.store.StoredObject;
import java.io.IOException;
import java.util.Optional;

/** The files that hold a source's items, in order. Each has a place, a text that leads to it; the first place is empty. */
sealed interface ItemFiles permits OneFile, ListedFiles, InventoryFiles, AthenaFiles {

    /**
     * A file.
     *
     * @param after the place of the next one
     */
    record ItemFile(StoredObject object, String after) {}

    /** The file at a place; empty if there are no more. */
    Optional<ItemFile> at(String place) throws ItemReaderFailed, IOException;

    ItemFormat format();

    /** Tag of the object that names the files: another one means other files. */
    Optional<String> manifestTag();
}
