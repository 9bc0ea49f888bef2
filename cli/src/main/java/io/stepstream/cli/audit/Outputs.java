package io.stepstream.cli.audit;

import io.stepstream.cli.Unusable;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Where a command writes what it makes: a file, which is there under its name only once it is whole, or standard output. */
final class Outputs {
    static final String STANDARD = "-";

    private Outputs() {}

    /** What is written. */
    @FunctionalInterface
    interface Writing<T> {
        T to(OutputStream stream) throws IOException;
    }

    /** Writes to the file of this name, or to standard output. */
    static <T> T write(String name, Writing<T> writing) throws IOException {
        if (name.equals(STANDARD)) {
            return standard(writing);
        }
        var file = file(name);
        var part = file.resolveSibling(file.getFileName() + ".part");
        T written;
        try (var stream = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
            written = writing.to(stream);
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        return written;
    }

    /**
     * The file of this name.
     *
     * @throws Unusable if none can be written there
     */
    static Path file(String name) {
        var file = Path.of(name);
        var folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
            throw new Unusable("--output " + name + " is no file in a folder that there is: give another name");
        }
        return file;
    }

    private static <T> T standard(Writing<T> writing) throws IOException {
        var written = writing.to(System.out);
        System.out.flush();
        if (System.out.checkError()) {
            throw new IOException("standard output takes no more");
        }
        return written;
    }
}
