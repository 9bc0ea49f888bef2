package io.stepstream.cli;

import io.stepstream.load.Progress;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** One line on a terminal that is written over; nothing where there is no terminal. */
final class ProgressBar implements Progress, AutoCloseable {
    private static final int WIDTH = 40;
    private static final String CLEAR = "\r\033[K";

    private final @Nullable PrintStream terminal;
    private String name = "";
    private int count;
    private long begunAt;

    ProgressBar(@Nullable PrintStream terminal) {
        this.terminal = terminal;
    }

    @Override
    public void phase(String name, int count) {
        this.name = name;
        this.count = count;
        begunAt = System.nanoTime();
        draw(0);
    }

    @Override
    public void done(int done) {
        draw(done);
    }

    private void draw(int done) {
        if (terminal == null) {
            return;
        }
        if (count == 0) {
            terminal.print(CLEAR + name);
        } else {
            var filled = Math.min(WIDTH, (int) ((long) WIDTH * done / count));
            var seconds = (System.nanoTime() - begunAt) / 1e9;
            terminal.printf(
                    "%s[%s%s] %,d of %,d %s, %,.0f/s",
                    CLEAR,
                    "#".repeat(filled),
                    " ".repeat(WIDTH - filled),
                    done,
                    count,
                    name,
                    done / Math.max(seconds, 0.001));
        }
        terminal.flush();
    }

    @Override
    public void close() {
        if (terminal != null) {
            terminal.print(CLEAR);
            terminal.flush();
        }
    }
}
