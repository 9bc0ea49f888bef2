package io.stepstream.audit.log;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.jspecify.annotations.Nullable;

/** The log in the data folder of a stopped dev mode. Nothing is started and nothing is written; a running one is refused. */
public final class FolderLog implements LogSource {
    /** The topic that dev mode's registry keeps its schemas in, as JSON with the members {@code id} and {@code schema}. */
    private static final String SCHEMA_TOPIC = "stepstream.schemas";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Optional<FileChannel> lock;
    private final Map<LogTopic, SortedMap<Integer, Segments>> topics = new EnumMap<>(LogTopic.class);
    private final SchemaRegistry schemas;
    private final RecordCodec codec;

    /**
     * Opens a data folder.
     *
     * @throws UnreadableLog if it is none, or is in use
     */
    public FolderLog(Path root) {
        folder = Files.isDirectory(root.resolve("kafka")) ? root.resolve("kafka") : root;
        if (!Files.exists(folder.resolve("meta.properties"))) {
            throw new UnreadableLog(
                    root + " is no data folder: give the one that dev mode was started with (.stepstream)");
        }
        lock = lock(folder);
        for (var topic : LogTopic.values()) {
            topics.put(topic, segments(topic, topic.topic()));
        }
        schemas = readSchemas();
        codec = new RecordCodec(schemas);
    }

    @Override
    public String name() {
        return "data folder " + folder;
    }

    @Override
    public boolean isLive() {
        return false;
    }

    @Override
    public SortedMap<Integer, OffsetRange> partitions(LogTopic topic) {
        var ranges = new TreeMap<Integer, OffsetRange>();
        of(topic).forEach((partition, segments) -> ranges.put(partition, segments.range()));
        return ranges;
    }

    @Override
    public LogReader read(LogTopic topic, int partition, long from, long end) {
        var segments = of(topic).get(partition);
        if (segments == null) {
            throw new UnreadableLog(name() + " has no partition " + partition + " of " + topic.topic());
        }
        return segments.read(from, end);
    }

    @Override
    public SchemaRegistry schemas() {
        return schemas;
    }

    @Override
    public RecordCodec codec() {
        return codec;
    }

    private SchemaRegistry readSchemas() {
        var byId = new HashMap<Integer, Schema>();
        for (var segments : segments(LogTopic.DEFINITIONS, SCHEMA_TOPIC).values()) {
            try (var reader =
                    segments.read(segments.range().first(), segments.range().end())) {
                while (reader.hasNext()) {
                    reader.next().value().ifPresent(value -> add(value.get(), byId));
                }
            } catch (DamagedLog e) {
                throw new UnreadableLog(
                        "the registry's topic " + SCHEMA_TOPIC + " is damaged in partition " + e.partition()
                                + " at offset " + e.offset() + ", and without its schemas nothing can be read: "
                                + e.getMessage(),
                        e);
            }
        }
        return new ReadOnlySchemas(byId);
    }

    private static void add(byte[] value, Map<Integer, Schema> byId) {
        try {
            var version = JSON.readTree(value);
            byId.put(
                    version.required("id").asInt(),
                    new Schema.Parser().parse(version.required("schema").asText()));
        } catch (IOException | IllegalArgumentException | SchemaParseException e) {
            throw new UnreadableLog("the registry's topic " + SCHEMA_TOPIC + " holds what is no schema: " + e, e);
        }
    }

    private SortedMap<Integer, Segments> of(LogTopic topic) {
        return topics.getOrDefault(topic, new TreeMap<>());
    }

    private SortedMap<Integer, Segments> segments(LogTopic kind, String topic) {
        var found = new TreeMap<Integer, Segments>();
        for (var partition = 0; ; partition++) {
            var path = folder.resolve(topic + '-' + partition);
            if (!Files.isDirectory(path)) {
                return found;
            }
            found.put(partition, new Segments(kind, partition, path));
        }
    }

    /** A folder that cannot be written, as a copy on a read-only disk, cannot be in use either. */
    private static Optional<FileChannel> lock(Path folder) {
        var file = folder.resolve(".stepstream-lock");
        if (!Files.isWritable(file)) {
            return Optional.empty();
        }
        try {
            var channel = FileChannel.open(file, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return Optional.of(channel);
            }
            channel.close();
        } catch (OverlappingFileLockException e) {
            throw inUse(folder, e);
        } catch (IOException e) {
            throw new UnreadableLog("the data folder " + folder + " cannot be locked: " + e, e);
        }
        throw inUse(folder, null);
    }

    private static UnreadableLog inUse(Path folder, @Nullable Throwable cause) {
        var message = "the data folder " + folder
                + " is in use: stop what runs on it, or give --bootstrap-servers and --registry";
        return cause == null ? new UnreadableLog(message) : new UnreadableLog(message, cause);
    }

    @Override
    public void close() {
        lock.ifPresent(channel -> {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UnreadableLog("the lock of " + folder + " cannot be let go: " + e, e);
            }
        });
    }
}
