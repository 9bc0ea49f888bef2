package io.stepstream.audit.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Rows that do not fit into memory: a RocksDB of bounded memory in a folder of its own. Each write is whole or not there at all, and in
 * the order of writing, even if the process is killed; so whatever is found later is a state that there was. Thread-safe.
 */
public final class RowDisk implements AutoCloseable {
    private static final long BLOCK_CACHE = 24L << 20;
    private static final long MEMTABLE = 12L << 20;

    private final Supplier<Path> folder;
    private final Lifetime lifetime;
    private volatile @Nullable Opened opened;

    /** How long the folder is kept. */
    private enum Lifetime {
        /** It is deleted on closing. */
        THIS_RUN,
        /** It stays, and another run goes on with it. */
        BEYOND
    }

    /** What is open, and what it is made of. */
    private record Opened(
            Path folder, LRUCache blocks, BloomFilter filter, Options options, WriteOptions writing, RocksDB rows) {

        static Opened in(Path folder, Lifetime lifetime) {
            RocksDB.loadLibrary();
            var blocks = new LRUCache(BLOCK_CACHE);
            var filter = new BloomFilter(10);
            var options = new Options()
                    .setCreateIfMissing(true)
                    .setWriteBufferSize(MEMTABLE)
                    .setMaxWriteBufferNumber(2)
                    .setCompressionType(CompressionType.LZ4_COMPRESSION)
                    .setMaxOpenFiles(64)
                    .setTableFormatConfig(new BlockBasedTableConfig()
                            .setBlockCache(blocks)
                            .setFilterPolicy(filter)
                            .setCacheIndexAndFilterBlocks(true));
            // What is to outlive a process that is killed is in a log before it is in a table.
            var writing = new WriteOptions().setDisableWAL(lifetime == Lifetime.THIS_RUN);
            try {
                Files.createDirectories(folder);
                return new Opened(folder, blocks, filter, options, writing, RocksDB.open(options, folder.toString()));
            } catch (IOException | RocksDBException e) {
                throw failed(folder, "cannot be opened", e);
            }
        }

        void close() {
            rows.close();
            writing.close();
            options.close();
            filter.close();
            blocks.close();
        }
    }

    private RowDisk(Supplier<Path> folder, Lifetime lifetime) {
        this.folder = folder;
        this.lifetime = lifetime;
    }

    /** A disk for this run: only once something is written there is a temporary folder, which is deleted on closing. */
    public static RowDisk ofThisRun(String prefix) {
        return new RowDisk(
                () -> {
                    try {
                        return Files.createTempDirectory(prefix);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                Lifetime.THIS_RUN);
    }

    /**
     * Opens a folder that stays, or makes it.
     *
     * @throws UncheckedIOException if it cannot be used
     */
    public static RowDisk in(Path folder) {
        var disk = new RowDisk(() -> folder, Lifetime.BEYOND);
        disk.open();
        return disk;
    }

    private synchronized Opened open() {
        var known = opened;
        if (known == null) {
            known = Opened.in(folder.get(), lifetime);
            opened = known;
        }
        return known;
    }

    /** Whether there is nothing on it for sure. */
    boolean isEmpty() {
        return opened == null;
    }

    /** The row under this key; null if there is none. */
    public byte @Nullable [] get(Bytes key) {
        var known = opened;
        try {
            return known == null ? null : known.rows().get(key.get());
        } catch (RocksDBException e) {
            throw failed("cannot be read", e);
        }
    }

    /** Goes through all rows whose keys begin so, in the order of keys, as they are now. */
    void each(Bytes prefix, BiConsumer<Bytes, byte[]> use) {
        var known = opened;
        if (known == null) {
            return;
        }
        try (var reading = new ReadOptions().setFillCache(false);
                var rows = known.rows().newIterator(reading)) {
            for (rows.seek(prefix.get()); rows.isValid() && begins(rows.key(), prefix.get()); rows.next()) {
                use.accept(Bytes.wrap(rows.key()), rows.value());
            }
            rows.status();
        } catch (RocksDBException e) {
            throw failed("cannot be read", e);
        }
    }

    static boolean begins(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** Writes and deletes, as one. */
    public void write(Map<Bytes, Optional<byte[]>> changed) {
        // A batch is native too: the library is loaded on opening.
        var known = open();
        try (var batch = new WriteBatch()) {
            for (var change : changed.entrySet()) {
                if (change.getValue().isPresent()) {
                    batch.put(change.getKey().get(), change.getValue().get());
                } else {
                    batch.delete(change.getKey().get());
                }
            }
            known.rows().write(known.writing(), batch);
        } catch (RocksDBException e) {
            throw failed("cannot be written", e);
        }
    }

    /** Makes sure that what has been written outlives the process. */
    public void flush() {
        try (var wait = new FlushOptions().setWaitForFlush(true)) {
            open().rows().flush(wait);
        } catch (RocksDBException e) {
            throw failed("cannot be written", e);
        }
    }

    private UncheckedIOException failed(String what, RocksDBException e) {
        return failed(open().folder(), what, e);
    }

    private static UncheckedIOException failed(Path folder, String what, Exception e) {
        return new UncheckedIOException(
                "the folder " + folder + " for what does not fit into memory " + what + ": " + e.getMessage(),
                e instanceof IOException io ? io : new IOException(e));
    }

    @Override
    public void close() {
        var known = opened;
        if (known == null) {
            return;
        }
        switch (lifetime) {
            case BEYOND -> {
                flush();
                known.close();
            }
            case THIS_RUN -> {
                known.close();
                delete(known.folder());
            }
        }
    }

    private static void delete(Path folder) {
        try (var content = Files.walk(folder)) {
            for (var path : content.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
