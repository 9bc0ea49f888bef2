package io.stepstream.audit.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
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

    static {
        RocksDB.loadLibrary();
    }

    private final Path folder;
    private final Lifetime lifetime;
    private final LRUCache blocks = new LRUCache(BLOCK_CACHE);
    private final BloomFilter filter = new BloomFilter(10);
    private final Options options;
    private final WriteOptions writing;
    private volatile @Nullable RocksDB rows;

    /** How long the folder is kept. */
    public enum Lifetime {
        /** It is deleted on closing. */
        THIS_RUN,
        /** It stays, and another run goes on with it. */
        BEYOND
    }

    /**
     * Opens a folder, or makes it.
     *
     * @throws UncheckedIOException if it cannot be used
     */
    public RowDisk(Path folder, Lifetime lifetime) {
        this.folder = folder;
        this.lifetime = lifetime;
        // What is to outlive a process that is killed is in a log before it is in a table.
        writing = new WriteOptions().setDisableWAL(lifetime == Lifetime.THIS_RUN);
        options = new Options()
                .setCreateIfMissing(true)
                .setWriteBufferSize(MEMTABLE)
                .setMaxWriteBufferNumber(2)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setMaxOpenFiles(64)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(blocks)
                        .setFilterPolicy(filter)
                        .setCacheIndexAndFilterBlocks(true));
        switch (lifetime) {
            case BEYOND -> open();
            // Most logs fit into memory, and need no disk.
            case THIS_RUN -> {}
        }
    }

    private synchronized RocksDB open() {
        var opened = rows;
        if (opened == null) {
            try {
                Files.createDirectories(folder);
                opened = RocksDB.open(options, folder.toString());
            } catch (IOException | RocksDBException e) {
                throw failed("cannot be opened", e);
            }
            rows = opened;
        }
        return opened;
    }

    /** Whether there is nothing on it for sure. */
    boolean isEmpty() {
        return rows == null;
    }

    /** The row under this key; null if there is none. */
    public byte @Nullable [] get(Bytes key) {
        var opened = rows;
        try {
            return opened == null ? null : opened.get(key.get());
        } catch (RocksDBException e) {
            throw failed("cannot be read", e);
        }
    }

    /** Writes and deletes, as one. */
    public void write(Map<Bytes, Optional<byte[]>> changed) {
        try (var batch = new WriteBatch()) {
            for (var change : changed.entrySet()) {
                if (change.getValue().isPresent()) {
                    batch.put(change.getKey().get(), change.getValue().get());
                } else {
                    batch.delete(change.getKey().get());
                }
            }
            open().write(writing, batch);
        } catch (RocksDBException e) {
            throw failed("cannot be written", e);
        }
    }

    /** Makes sure that what has been written outlives the process. */
    public void flush() {
        try (var wait = new FlushOptions().setWaitForFlush(true)) {
            open().flush(wait);
        } catch (RocksDBException e) {
            throw failed("cannot be written", e);
        }
    }

    private UncheckedIOException failed(String what, Exception e) {
        return new UncheckedIOException(
                "the folder " + folder + " for what does not fit into memory " + what + ": " + e.getMessage(),
                e instanceof IOException io ? io : new IOException(e));
    }

    @Override
    public void close() {
        switch (lifetime) {
            case BEYOND -> {
                flush();
                closeAll();
            }
            case THIS_RUN -> {
                closeAll();
                delete();
            }
        }
    }

    private void closeAll() {
        var opened = rows;
        if (opened != null) {
            opened.close();
        }
        writing.close();
        options.close();
        filter.close();
        blocks.close();
    }

    private void delete() {
        try (var content = Files.walk(folder)) {
            for (var path : content.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
