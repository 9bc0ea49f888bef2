package io.stepstream.integrations.items.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** All buckets that the settings allow, each in its store. */
public final class Buckets implements ObjectStore {

    private final Map<String, ObjectStore> stores;
    private final List<ObjectStore> all;

    private Buckets(Map<String, ObjectStore> stores, List<ObjectStore> all) {
        this.stores = Map.copyOf(stores);
        this.all = all;
    }

    /**
     * Opens the stores.
     *
     * @throws IllegalArgumentException if a directory is none
     */
    public static Buckets open(BucketSettings settings) {
        Map<String, ObjectStore> stores = new LinkedHashMap<>();
        ObjectStore directories = MappedDirectories.open(settings.directories());
        settings.directories().keySet().forEach(bucket -> stores.put(bucket, directories));
        if (settings.s3().isEmpty()) {
            return new Buckets(stores, List.of(directories));
        }
        ObjectStore endpoint = S3Endpoint.open(settings.s3().get());
        settings.s3().get().buckets().forEach(bucket -> stores.put(bucket, endpoint));
        return new Buckets(stores, List.of(directories, endpoint));
    }

    @Override
    public StoredObject find(ObjectAddress address) throws StoreFailure {
        return of(address.bucket()).find(address);
    }

    @Override
    public byte[] read(StoredObject object, long from, int length) throws StoreFailure {
        return of(object.address().bucket()).read(object, from, length);
    }

    @Override
    public Listing list(String bucket, String prefix, Optional<String> after, int most) throws StoreFailure {
        return of(bucket).list(bucket, prefix, after, most);
    }

    @Override
    public void write(ObjectAddress address, byte[] content, String contentType) throws StoreFailure {
        of(address.bucket()).write(address, content, contentType);
    }

    @Override
    public void close() {
        all.forEach(ObjectStore::close);
    }

    private ObjectStore of(String bucket) throws StoreFailure {
        ObjectStore store = stores.get(bucket);
        if (store == null) {
            throw new StoreFailure(
                    "bucket " + bucket + " is none of those in this worker's settings " + new TreeSet<>(stores.keySet())
                            + ": use one of these, or add it to the settings and start the worker again");
        }
        return store;
    }
}
