package io.stepstream.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/** Standard input, as a document to be read whole or as somebody who answers line by line. */
public final class Keyboard {
    private final BufferedReader lines;
    private final Sitting sitting;

    /** Whether somebody sits at it. */
    public enum Sitting {
        SOMEBODY,
        NOBODY
    }

    public Keyboard(Reader from, Sitting sitting) {
        lines = new BufferedReader(from);
        this.sitting = sitting;
    }

    /** This process's standard input. */
    static Keyboard ofProcess() {
        var console = System.console();
        return new Keyboard(
                new InputStreamReader(System.in, StandardCharsets.UTF_8),
                console != null && console.isTerminal() ? Sitting.SOMEBODY : Sitting.NOBODY);
    }

    /** Whether somebody can be asked. */
    public boolean answers() {
        return sitting == Sitting.SOMEBODY;
    }

    /** Everything up to its end. */
    String all() {
        return lines.lines().collect(Collectors.joining("\n"));
    }

    /** The next line; empty at the end. */
    public Optional<String> line() {
        try {
            return Optional.ofNullable(lines.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException("standard input cannot be read", e);
        }
    }
}
