package io.stepstream.integrations.items.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** An object's key as a path below a directory; what could leave the directory is no such key. */
final class ObjectKey {

    /** S3's bound on a key, in bytes of UTF-8. */
    private static final int LONGEST = 1024;

    private ObjectKey() {}

    /** The file of a key, below the directory. */
    static Path below(Path directory, ObjectAddress address) throws StoreFailure {
        String key = address.key();
        if (key.isEmpty() || key.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw refused(address, "a key has 1 to " + LONGEST + " bytes");
        }
        if (key.indexOf('\0') >= 0 || key.indexOf('\\') >= 0) {
            throw refused(address, "in a mapped directory a key has neither NUL nor backslash");
        }
        Path path = directory;
        for (String name : List.of(key.split("/", -1))) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                throw refused(address, "in a mapped directory no part between slashes may be empty, \".\" or \"..\"");
            }
            try {
                path = path.resolve(name);
            } catch (InvalidPathException e) {
                throw refused(address, "this machine's file system cannot name it: " + e.getReason());
            }
        }
        if (!path.startsWith(directory) || path.getNameCount() <= directory.getNameCount()) {
            throw refused(address, "it is outside of the bucket's directory");
        }
        return path;
    }

    private static StoreFailure refused(ObjectAddress address, String why) {
        return new StoreFailure(address + " is refused: " + why + ". Use another key");
    }
}
