package io.stepstream.integrations.items.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A page of the keys below a directory, in the order of their bytes as S3 lists them. It reads only directories that can hold a key of
 * the page; each of these it reads whole, since no file system lists in order. Symbolic links are no part of a listing.
 */
final class DirectoryListing {

    /** The most names in one directory: what a page of it costs in memory and time is bounded by this. */
    static final int MAX_NAMES = 1_000_000;

    private static final String STORAGE_CLASS = "STANDARD";

    private final Path root;
    private final String prefix;
    private final String after;
    private final int most;
    private final List<ListedObject> objects = new ArrayList<>();
    private boolean more;

    DirectoryListing(Path root, String prefix, String after, int most) {
        this.root = root;
        this.prefix = prefix;
        this.after = after;
        this.most = most;
    }

    Listing page() throws IOException {
        walk(root, "");
        return new Listing(objects, more ? Listing.Rest.MORE : Listing.Rest.NOTHING);
    }

    private void walk(Path directory, String keyOfDirectory) throws IOException {
        for (String key : keysIn(directory, keyOfDirectory)) {
            if (more) {
                return;
            }
            if (key.endsWith("/")) {
                walk(root.resolve(key), key);
            } else {
                add(key);
            }
        }
    }

    private void add(String key) throws IOException {
        if (objects.size() == most) {
            more = true;
            return;
        }
        try {
            var attributes =
                    Files.readAttributes(root.resolve(key), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            objects.add(new ListedObject(
                    key,
                    attributes.size(),
                    MappedDirectories.tag(attributes),
                    attributes.lastModifiedTime().toInstant(),
                    STORAGE_CLASS));
        } catch (NoSuchFileException e) {
            // Deleted since its directory was read: as if a moment before.
        }
    }

    /** Keys of files, and of directories with a slash at the end, that the page may need, in the order of their bytes. */
    private List<String> keysIn(Path directory, String keyOfDirectory) throws IOException {
        List<String> keys = new ArrayList<>();
        int names = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (++names > MAX_NAMES) {
                    throw new StoreFailure("directory " + directory + " has more than " + MAX_NAMES
                            + " names; spread its files over more directories");
                }
                String name = String.valueOf(entry.getFileName());
                if (name.startsWith(MappedDirectories.UNFINISHED)) {
                    continue;
                }
                String key = keyOfDirectory + name;
                if (mayHoldOne(key + "/") && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    keys.add(key + "/");
                } else if (isWanted(key) && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    keys.add(key);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        keys.sort(DirectoryListing::compareBytes);
        return keys;
    }

    private boolean isWanted(String key) {
        return key.startsWith(prefix) && compareBytes(key, after) > 0;
    }

    /** Whether a key that begins so can be wanted. */
    private boolean mayHoldOne(String beginning) {
        boolean fits = beginning.startsWith(prefix) || prefix.startsWith(beginning);
        return fits && (after.startsWith(beginning) || compareBytes(beginning, after) > 0);
    }

    private static int compareBytes(String left, String right) {
        return Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }
}
