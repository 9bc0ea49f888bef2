package io.stepstream.integrations.items.reader;

import io.stepstream.integrations.items.store.ObjectAddress;
import io.stepstream.integrations.items.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;

/** A source of one file. */
record OneFile(ObjectStore store, ObjectAddress address, ItemFormat format) implements ItemFiles {

    private static final String END = "end";

    @Override
    public Optional<ItemFile> at(String place) throws IOException {
        return place.equals(END) ? Optional.empty() : Optional.of(new ItemFile(store.find(address), END));
    }

    @Override
    public Optional<String> manifestTag() {
        return Optional.empty();
    }
}
