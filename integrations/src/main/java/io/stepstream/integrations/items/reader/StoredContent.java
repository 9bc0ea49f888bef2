package io.stepstream.integrations.items.reader;

import io.stepstream.integrations.items.store.ObjectStore;
import io.stepstream.integrations.items.store.StoredObject;
import java.io.IOException;

/** The bytes of an object as they are stored. */
record StoredContent(ObjectStore store, StoredObject object) implements Content {

    @Override
    public String name() {
        return object.address().toString();
    }

    @Override
    public long size() {
        return object.size();
    }

    @Override
    public byte[] read(long from, int length) throws IOException {
        return store.read(object, from, length);
    }
}
