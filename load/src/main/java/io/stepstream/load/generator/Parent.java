package io.stepstream.load.generator;

import io.stepstream.load.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The process that started this one: told of progress, and asked to look at the servers when a phase begins or ends. */
final class Parent {
    /** Places where the parent measures what the servers have used. */
    enum Checkpoint {
        BEGIN,
        END,
        /** The engine's heap in use after a full collection. */
        HEAP,
        /** The gateway's. */
        GATEWAY_HEAP
    }

    private static final long BETWEEN_NANOS = 200_000_000;

    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final PrintStream out;
    private long toldAt = Long.MIN_VALUE;

    Parent(PrintStream out) {
        this.out = out;
    }

    void phase(String name, int count) {
        out.println("phase " + count + ' ' + name);
    }

    /** Told now and then. */
    synchronized void progress(int done) {
        var now = System.nanoTime();
        if (toldAt == Long.MIN_VALUE || now - toldAt > BETWEEN_NANOS) {
            toldAt = now;
            out.println("progress " + done);
        }
    }

    /** Returns when the parent has looked. */
    void checkpoint(Checkpoint checkpoint) {
        out.println("checkpoint " + checkpoint);
        try {
            if (in.readLine() == null) {
                throw new IllegalStateException("the parent has gone");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void result(Object result) {
        out.println("result " + Json.line(result));
    }
}
