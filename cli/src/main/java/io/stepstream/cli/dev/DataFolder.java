package io.stepstream.cli.dev;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;

/** The one folder that dev mode keeps everything in; held by one process at a time, readable by its owner only. */
public final class DataFolder implements AutoCloseable {

    private static final String MARKER = "stepstream-data";
    private static final String LAYOUT = "1\n";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path root;
    private final FileChannel lockFile;

    private DataFolder(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /** Opens the folder, and makes it if it is not there. Refuses one that holds other things, or that another process uses. */
    public static DataFolder open(Path root) {
        try {
            Files.createDirectories(root);
            claim(root);
            return new DataFolder(root, lock(root));
        } catch (IOException e) {
            throw new Trouble(
                    "data folder " + root + " cannot be written (" + e
                            + "); make it writable, or choose another by --data-dir",
                    e);
        }
    }

    public Path root() {
        return root;
    }

    /** Kafka's log folder. */
    public Path kafka() {
        return root.resolve("kafka");
    }

    /** The orchestrator's state stores. */
    public Path state() {
        return root.resolve("state");
    }

    /** The keys that sign task tokens. */
    public Path tokenKeys() {
        return root.resolve("token-keys");
    }

    /** The keys that data keys of sealed executions are wrapped under; lost, what they seal is lost. */
    public Path masterKeys() {
        return root.resolve("master-keys");
    }

    /** What the approval example keeps. */
    public Path demo() {
        return root.resolve("demo");
    }

    /** The secret that gateway and orchestrator share; made on first use. */
    public String apiSecret() {
        Path file = root.resolve("api-secret");
        try {
            if (!Files.exists(file)) {
                byte[] secret = new byte[32];
                new SecureRandom().nextBytes(secret);
                Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
                Files.writeString(file, HexFormat.of().formatHex(secret));
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new Trouble("secret " + file + " cannot be read (" + e + "); delete it to have another one made", e);
        }
    }

    private static void claim(Path root) throws IOException {
        Path marker = root.resolve(MARKER);
        if (Files.exists(marker)) {
            String layout = Files.readString(marker);
            if (!layout.equals(LAYOUT)) {
                throw new Trouble("data folder " + root + " was made by another version of Stepstream (layout "
                        + layout.strip() + ", this one is " + LAYOUT.strip() + "); choose another by --data-dir");
            }
            return;
        }
        try (Stream<Path> content = Files.list(root)) {
            if (content.anyMatch(path -> !path.getFileName().toString().equals("stepstream.log"))) {
                throw new Trouble("folder " + root
                        + " holds other things than Stepstream's data; choose an empty or new one by --data-dir");
            }
        }
        if (root.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        }
        Files.writeString(marker, LAYOUT);
    }

    private static FileChannel lock(Path root) throws IOException {
        FileChannel channel =
                FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (java.nio.channels.OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new Trouble("data folder " + root
                    + " is used by another running stepstream; stop that one, or choose another by --data-dir");
        }
        return channel;
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new Trouble("the lock of data folder " + root + " cannot be let go (" + e + ")", e);
        }
    }
}
