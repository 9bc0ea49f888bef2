package io.stepstream.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The texts that a command line names: a file, or {@code -} for standard input. */
final class Texts {
    static final String STANDARD_INPUT = "-";

    /** Longest text that is read, in bytes: room for any definition, input or mock file. */
    private static final long MAX_BYTES = 16 << 20;

    private final Keyboard keyboard;

    Texts(Keyboard keyboard) {
        this.keyboard = keyboard;
    }

    /**
     * The text of a file or of standard input.
     *
     * @throws Unusable if it cannot be read
     */
    String read(String name) {
        return name.equals(STANDARD_INPUT) ? keyboard.all() : file(name);
    }

    private static String file(String name) {
        try {
            var path = Path.of(name);
            if (Files.size(path) > MAX_BYTES) {
                throw new Unusable(name + " is larger than " + MAX_BYTES + " bytes, and is not read");
            }
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new Unusable("there is no file " + name);
        } catch (CharacterCodingException e) {
            throw new Unusable(name + " is not UTF-8 text");
        } catch (IOException | IllegalArgumentException e) {
            throw new Unusable(name + " cannot be read: " + e.getMessage());
        }
    }
}
