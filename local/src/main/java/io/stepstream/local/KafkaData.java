package io.stepstream.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of a local Kafka: formatted on first use, told from the folders of others by its cluster id, used by one at a time. */
final class KafkaData implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaData.class);
    private static final String OURS = "stepstream-";
    private static final String LOCK = ".stepstream-lock";

    private final Path folder;
    private final FileChannel lock;
    private final MetaPropertiesEnsemble properties;

    private KafkaData(Path folder, FileChannel lock, MetaPropertiesEnsemble properties) {
        this.folder = folder;
        this.lock = lock;
        this.properties = properties;
    }

    /**
     * Makes the folder ready for the broker, and keeps others from it until it is closed.
     *
     * @throws LocalKafkaFailed if there is something else in it, or another uses it
     */
    static KafkaData open(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel lock = lock(folder);
            try {
                return new KafkaData(folder, lock, properties(folder));
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new LocalKafkaFailed("The data folder " + folder + " cannot be used: " + e, e);
        }
    }

    Path folder() {
        return folder;
    }

    /** What Kafka has noted about the folder: cluster, node, directory. */
    MetaPropertiesEnsemble properties() {
        return properties;
    }

    @Override
    public void close() {
        Utils.closeQuietly(lock, "lock of the data folder");
    }

    /** Kafka's own lock comes too late: by then a second controller has written into the first one's log. */
    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            LOG.debug("The data folder is locked by this very process", e);
        }
        channel.close();
        throw new LocalKafkaFailed(
                "The data folder " + folder + " is in use by another Kafka: stop that, or give another folder", null);
    }

    private static MetaPropertiesEnsemble properties(Path folder) throws IOException {
        MetaPropertiesEnsemble found = load(folder);
        if (found.logDirProps().isEmpty()) {
            format(folder);
            found = load(folder);
        }
        Optional<String> cluster = found.clusterId();
        if (cluster.isEmpty()
                || !cluster.get().startsWith(OURS)
                || found.nodeId().orElse(KafkaSettings.NODE_ID) != KafkaSettings.NODE_ID) {
            throw new LocalKafkaFailed(
                    "The data folder " + folder + " holds the data of another Kafka cluster (" + cluster.orElse("?")
                            + "): give a folder that is new, or was made by this program",
                    null);
        }
        return found;
    }

    private static MetaPropertiesEnsemble load(Path folder) throws IOException {
        return new MetaPropertiesEnsemble.Loader()
                .addMetadataLogDir(folder.toString())
                .load();
    }

    private static void format(Path folder) throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            if (content.anyMatch(path -> !path.endsWith(LOCK))) {
                throw new LocalKafkaFailed(
                        "The data folder " + folder
                                + " is not empty, and what is in it is no Kafka data of ours: give a folder"
                                + " that is new, or was made by this program",
                        null);
            }
        }
        try {
            new Formatter()
                    .setClusterId(OURS + Uuid.randomUuid())
                    .setNodeId(KafkaSettings.NODE_ID)
                    .setMetadataLogDirectory(folder.toString())
                    .setDirectories(List.of(folder.toString()))
                    .setControllerListenerName(KafkaSettings.CONTROLLER)
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8))
                    .run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            // The formatter is declared to throw anything.
            throw new IOException("Formatting failed: " + e, e);
        }
    }
}
