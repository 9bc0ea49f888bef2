package io.stepstream.integrations.items.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Buckets that are directories of this machine. A key is a path below its directory; a symbolic link is followed only to what is in
 * the directory too. A new object is written aside and renamed, so that nobody sees half of one.
 */
final class MappedDirectories implements ObjectStore {

    /** What files are called while they are written; listings leave them out. */
    static final String UNFINISHED = ".stepstream-unfinished-";

    private final Map<String, Path> roots;

    private MappedDirectories(Map<String, Path> roots) {
        this.roots = Map.copyOf(roots);
    }

    /**
     * Takes each directory by its real path.
     *
     * @throws IllegalArgumentException if one is no directory
     */
    static MappedDirectories open(Map<String, Path> directories) {
        Map<String, Path> roots = new LinkedHashMap<>();
        directories.forEach((bucket, directory) -> {
            try {
                Path root = directory.toRealPath();
                if (!Files.isDirectory(root)) {
                    throw new IllegalArgumentException(
                            "bucket " + bucket + ": " + directory + " is no directory; give one that exists");
                }
                roots.put(bucket, root);
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "bucket " + bucket + ": directory " + directory + " cannot be read (" + e
                                + "); give one that exists",
                        e);
            }
        });
        return new MappedDirectories(roots);
    }

    @Override
    public StoredObject find(ObjectAddress address) throws StoreFailure {
        if (address.version().isPresent()) {
            throw new StoreFailure(address + ": a mapped directory keeps no versions; leave VersionId out");
        }
        try {
            return found(address, file(address));
        } catch (IOException e) {
            throw failure("read " + address, e);
        }
    }

    @Override
    public byte[] read(StoredObject object, long from, int length) throws StoreFailure {
        ObjectAddress address = object.address();
        try {
            Path file = file(address);
            byte[] bytes = new byte[(int) Math.min(length, object.size() - from)];
            try (SeekableByteChannel channel =
                    Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
                channel.position(from);
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                    // Until it is full or the file ends, which the comparison below tells.
                }
            }
            // After the read: a change before or during it shows.
            if (!found(address, file).equals(object)) {
                throw StoreFailure.changed(address);
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw StoreFailure.changed(address);
        } catch (IOException e) {
            throw failure("read " + address, e);
        }
    }

    @Override
    public Listing list(String bucket, String prefix, Optional<String> after, int most) throws StoreFailure {
        try {
            return new DirectoryListing(root(bucket), prefix, after.orElse(""), Math.min(most, MAX_LISTED)).page();
        } catch (IOException e) {
            throw failure("list s3://" + bucket + "/" + prefix, e);
        }
    }

    @Override
    public void write(ObjectAddress address, byte[] content, String contentType) throws StoreFailure {
        try {
            Path root = root(address.bucket());
            Path file = ObjectKey.below(root, address);
            Path folder = folderFor(file, root, address);
            Path unfinished = folder.resolve(UNFINISHED + UUID.randomUUID());
            try {
                try (FileChannel channel =
                        FileChannel.open(unfinished, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                    ByteBuffer buffer = ByteBuffer.wrap(content);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                    channel.force(true);
                }
                Files.move(
                        unfinished,
                        folder.resolve(file.getFileName()),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw failure("write " + address, e);
        }
    }

    @Override
    public void close() {}

    /** The real folder that a new file is for, made if it is missing; inside of the root whatever links there are. */
    private static Path folderFor(Path file, Path root, ObjectAddress address) throws IOException {
        Path folder = root;
        for (Path name : root.relativize(file.getParent())) {
            if (name.toString().isEmpty()) {
                break;
            }
            Path next = folder.resolve(name);
            try {
                Files.createDirectory(next);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(next)) {
                    throw new StoreFailure(
                            "cannot write " + address + ": " + next
                                    + " is a file, and the key needs a directory there. Use another key",
                            e);
                }
            }
            folder = next.toRealPath();
            requireInside(folder, root, address);
        }
        return folder;
    }

    private Path file(ObjectAddress address) throws IOException {
        Path root = root(address.bucket());
        Path real = ObjectKey.below(root, address).toRealPath();
        requireInside(real, root, address);
        return real;
    }

    private static void requireInside(Path real, Path root, ObjectAddress address) throws StoreFailure {
        if (!real.startsWith(root)) {
            throw new StoreFailure(address + " is refused: a symbolic link leads out of the bucket's directory."
                    + " Copy what it points to, or map that directory as a bucket");
        }
    }

    private static StoredObject found(ObjectAddress address, Path file) throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new StoreFailure(address + " is no file; give the key of one");
        }
        return new StoredObject(address, attributes.size(), tag(attributes));
    }

    /** Changes with every write that moves the file's time, its size, or replaces it. */
    static String tag(BasicFileAttributes attributes) {
        Object identity = attributes.fileKey();
        return "\"%x-%x%s\""
                .formatted(
                        attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                        attributes.size(),
                        identity == null ? "" : "-" + Integer.toHexString(identity.hashCode()));
    }

    private Path root(String bucket) throws StoreFailure {
        Path root = roots.get(bucket);
        if (root == null) {
            throw new StoreFailure("bucket " + bucket + " is no mapped directory");
        }
        return root;
    }

    private static StoreFailure failure(String what, IOException e) {
        return switch (e) {
            case StoreFailure known -> known;
            case NoSuchFileException missing ->
                new StoreFailure("cannot " + what + ": there is no such object; check bucket and key", missing);
            case AccessDeniedException denied ->
                new StoreFailure(
                        "cannot " + what + ": this worker's user may not; change the file's permissions", denied);
            default -> new StoreFailure("cannot " + what + ": " + e, e);
        };
    }
}
