package io.stepstream.cli.audit;

import io.stepstream.audit.verify.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** How far a run has come, in one line of a terminal that is written over; nothing if standard error is no terminal. */
final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final Duration EVERY = Duration.ofMillis(200);

    private final Progress progress;
    private final PrintStream terminal;
    private final long began = System.nanoTime();
    private final Optional<ScheduledExecutorService> clock;

    private ProgressBar(Progress progress, PrintStream terminal, Optional<ScheduledExecutorService> clock) {
        this.progress = progress;
        this.terminal = terminal;
        this.clock = clock;
    }

    static ProgressBar start(Progress progress) {
        var console = System.console();
        var isTerminal = console != null && console.isTerminal();
        var bar = new ProgressBar(
                progress,
                System.err,
                isTerminal
                        ? Optional.of(Executors.newSingleThreadScheduledExecutor(
                                Thread.ofPlatform().name("progress").daemon().factory()))
                        : Optional.empty());
        bar.clock.ifPresent(
                running -> running.scheduleAtFixedRate(bar::draw, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS));
        return bar;
    }

    private void draw() {
        terminal.print('\r' + line(progress, Duration.ofNanos(System.nanoTime() - began)) + "\u001b[K");
        terminal.flush();
    }

    /** The line after this time. */
    static String line(Progress progress, Duration took) {
        return switch (progress.phase()) {
            case PREPARING -> "reading definitions and checkpoints";
            case READING -> read(progress, took);
            case CLOSING ->
                String.format(
                        Locale.ROOT,
                        "%,d records read; looking at executions with something open: %,d",
                        progress.done(),
                        progress.executionsClosed());
        };
    }

    private static String read(Progress progress, Duration took) {
        var done = progress.done();
        var total = Math.max(progress.total(), done);
        var share = total == 0 ? 0 : (double) done / total;
        var filled = (int) Math.round(share * WIDTH);
        var fresh = done - progress.skipped();
        var rate = fresh / Math.max(0.001, took.toMillis() / 1000.0);
        var left = rate < 1 ? "" : ", " + clock(Duration.ofSeconds(Math.round((total - done) / rate))) + " left";
        return String.format(
                Locale.ROOT,
                "[%s%s] %,d of %,d records, %,.0f/s%s",
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                done,
                total,
                rate,
                left);
    }

    private static String clock(Duration time) {
        return time.toHours() > 0
                ? String.format(Locale.ROOT, "%d:%02d h", time.toHours(), time.toMinutesPart())
                : String.format(Locale.ROOT, "%d:%02d min", time.toMinutes(), time.toSecondsPart());
    }

    /** Wipes the line. */
    @Override
    public void close() {
        clock.filter(running -> !running.isShutdown()).ifPresent(running -> {
            running.shutdownNow();
            terminal.print("\r\u001b[K");
            terminal.flush();
        });
    }
}
