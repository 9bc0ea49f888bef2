package io.stepstream.audit.replay;

import io.stepstream.orchestrator.steps.RowStore;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Rows in memory up to a size, the rest on disk: the latest used stay. What is written goes to disk only when there is no more room, so
 * that executions that begin and end within the cache cost nothing but their last row. Not thread-safe; caches of several partitions
 * share one disk.
 */
public final class SpillingRows implements RowStore {
    /** What an entry takes beside its key and row: objects, table and links, measured. */
    private static final int OVERHEAD = 180;

    private final RowDisk disk;
    private final long budget;
    private final LinkedHashMap<Bytes, Entry> cache = new LinkedHashMap<>(1024, 0.75f, true);
    private long size;

    /**
     * A row as it is now.
     *
     * @param row null if there is none
     * @param dirty whether the disk has it otherwise
     */
    private record Entry(byte @Nullable [] row, boolean dirty) {
        long size() {
            return OVERHEAD + (row == null ? 0 : row.length);
        }
    }

    /**
     * Rows on this disk.
     *
     * @param budget bytes of memory to use
     */
    public SpillingRows(RowDisk disk, long budget) {
        this.disk = disk;
        this.budget = budget;
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
        var known = cache.get(key);
        if (known != null) {
            return known.row();
        }
        if (disk.isEmpty()) {
            return null;
        }
        var stored = disk.get(key);
        remember(key, new Entry(stored, false));
        return stored;
    }

    @Override
    public void put(Bytes key, byte[] row) {
        remember(key, new Entry(row, true));
    }

    @Override
    public void delete(Bytes key) {
        if (disk.isEmpty()) {
            var gone = cache.remove(key);
            size -= gone == null ? 0 : key.get().length + gone.size();
        } else {
            remember(key, new Entry(null, true));
        }
    }

    private void remember(Bytes key, Entry entry) {
        var before = cache.put(key, entry);
        size += key.get().length + entry.size() - (before == null ? 0 : key.get().length + before.size());
    }

    /** Whether it is time to {@link #spill}; to be asked between records. */
    public boolean isFull() {
        return size > budget;
    }

    /**
     * Writes all that has changed to disk, as one, and lets go of what was used least.
     *
     * @param place what names this cache on the disk
     * @param note kept with it: how far the rows have come
     */
    public void spill(Bytes place, byte[] note) {
        var changed = new LinkedHashMap<Bytes, Optional<byte[]>>();
        for (var entry : cache.entrySet()) {
            if (entry.getValue().dirty()) {
                changed.put(entry.getKey(), Optional.ofNullable(entry.getValue().row()));
                entry.setValue(new Entry(entry.getValue().row(), false));
            }
        }
        changed.put(place, Optional.of(note));
        disk.write(changed);
        evict();
    }

    private void evict() {
        Iterator<Map.Entry<Bytes, Entry>> eldest = cache.entrySet().iterator();
        while (size > budget / 2 && eldest.hasNext()) {
            var entry = eldest.next();
            size -= entry.getKey().get().length + entry.getValue().size();
            eldest.remove();
        }
    }
}
