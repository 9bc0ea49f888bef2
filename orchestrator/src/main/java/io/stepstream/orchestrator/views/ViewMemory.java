package io.stepstream.orchestrator.views;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * One memory budget for all view stores of this process. By default each partition of each store takes its own, which grows
 * with the partition count and not with what there is to remember.
 */
public final class ViewMemory implements RocksDBConfigSetter {

    private static final long BYTES = 64L << 20;
    private static final long WRITE_BUFFERS = 24L << 20;
    private static final long WRITE_BUFFER = 2L << 20;
    private static final Cache CACHE = new LRUCache(BYTES);
    private static final WriteBufferManager BUFFERS = new WriteBufferManager(WRITE_BUFFERS, CACHE);

    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
        var table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(BUFFERS);
        options.setWriteBufferSize(WRITE_BUFFER);
    }

    @Override
    public void close(String store, Options options) {
        // Cache and buffers belong to the process, not to this store.
    }
}
