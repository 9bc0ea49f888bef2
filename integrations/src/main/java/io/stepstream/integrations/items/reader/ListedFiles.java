package io.stepstream.integrations.items.reader;

import io.stepstream.integrations.items.store.ListedObject;
import io.stepstream.integrations.items.store.Listing;
import io.stepstream.integrations.items.store.ObjectAddress;
import io.stepstream.integrations.items.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;

/** All objects of a listing; a place is the key of the one before. Empty objects whose keys end as folders' do are passed over. */
record ListedFiles(ObjectStore store, ItemSource.ListedObjects source) implements ItemFiles {

    @Override
    public Optional<ItemFile> at(String place) throws IOException {
        String after = place;
        while (true) {
            Listing next = store.list(
                    source.bucket(), source.prefix(), after.isEmpty() ? Optional.empty() : Optional.of(after), 1);
            if (next.objects().isEmpty()) {
                return Optional.empty();
            }
            ListedObject listed = next.objects().getFirst();
            if (listed.size() > 0 || !listed.key().endsWith("/")) {
                var object = store.find(ObjectAddress.of(source.bucket(), listed.key()));
                return Optional.of(new ItemFile(object, listed.key()));
            }
            after = listed.key();
        }
    }

    @Override
    public ItemFormat format() {
        return source.format();
    }

    @Override
    public Optional<String> manifestTag() {
        return Optional.empty();
    }
}
