package io.stepstream.audit.replay;

import io.stepstream.orchestrator.steps.RowStore;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
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
     * @param isStored whether the disk may have something under its key
     */
    private record Entry(byte @Nullable [] row, boolean dirty, boolean isStored) {
        long size() {
            return OVERHEAD + (row == null ? 0 : row.length);
        }

        Entry written() {
            return new Entry(row, false, row != null);
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
        remember(key, new Entry(stored, false, stored != null));
        evict(budget);
        return stored;
    }

    @Override
    public void put(Bytes key, byte[] row) {
        remember(key, new Entry(row, true, mayBeStored(key)));
    }

    @Override
    public void delete(Bytes key) {
        if (disk.isEmpty()) {
            var gone = cache.remove(key);
            size -= gone == null ? 0 : key.get().length + gone.size();
        } else {
            // What came and went between two writes leaves no trace on the disk.
            var isStored = mayBeStored(key);
            remember(key, new Entry(null, isStored, isStored));
        }
    }

    private boolean mayBeStored(Bytes key) {
        var known = cache.get(key);
        return known == null ? !disk.isEmpty() : known.isStored();
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
                entry.setValue(entry.getValue().written());
            }
        }
        changed.put(place, Optional.of(note));
        disk.write(changed);
        evict(budget / 2);
    }

    /**
     * Goes through all rows whose keys begin so, in their order if there is a disk, as one sequential read of it; nothing may be written
     * meanwhile.
     *
     * @param place as for {@link #spill}
     * @param note as for {@link #spill}
     */
    public void each(Bytes prefix, Bytes place, byte[] note, BiConsumer<Bytes, byte[]> use) {
        if (!disk.isEmpty()) {
            spill(place, note);
            disk.each(prefix, use);
            return;
        }
        var rows = new TreeMap<Bytes, byte[]>();
        cache.forEach((key, entry) -> {
            if (entry.row() != null && RowDisk.begins(key.get(), prefix.get())) {
                rows.put(key, entry.row());
            }
        });
        rows.forEach(use);
    }

    /** Lets go of what was used least, as far as the disk has it. */
    private void evict(long most) {
        Iterator<Map.Entry<Bytes, Entry>> eldest = cache.entrySet().iterator();
        while (size > most && eldest.hasNext()) {
            var entry = eldest.next();
            if (entry.getValue().dirty()) {
                return;
            }
            size -= entry.getKey().get().length + entry.getValue().size();
            eldest.remove();
        }
    }
}
