package io.stepstream.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A Java process of ours that says line by line how far it is. Closing ends it. */
public final class Child implements AutoCloseable {
    private static final String END = "";
    private static final long STOP_SECONDS = 15;
    private static final int TAIL_LINES = 12;

    private final String name;
    private final Process process;
    private final Path log;
    private final Thread atExit;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        // Whoever ends this process, by Ctrl-C or a time limit, ends what it has started.
        this.atExit = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(atExit);
        Thread.ofVirtual().start(this::read);
    }

    /** Starts a main class on this JVM's class path. */
    public static Child start(String name, Path folder, List<String> jvm, Class<?> main, List<String> arguments) {
        return start(name, folder, jvm, System.getProperty("java.class.path"), main, arguments);
    }

    /** The same on another class path. */
    static Child start(
            String name, Path folder, List<String> jvm, String classPath, Class<?> main, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.add("-Dstepstream.log.folder=" + folder.resolve(name));
        command.add("-cp");
        command.add(classPath);
        command.add(main.getName());
        command.addAll(arguments);
        try {
            Files.createDirectories(folder);
            var log = folder.resolve(name + ".log");
            var builder = new ProcessBuilder(command).redirectError(log.toFile());
            return new Child(name, builder.start(), log);
        } catch (IOException e) {
            throw new BenchFailed(name + " cannot be started: " + e.getMessage(), e);
        }
    }

    private void read() {
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            // It has ended, as the line below says.
        }
        lines.add(END);
    }

    /** The next line of its output; empty if it has said nothing for so long. */
    public Optional<String> line(long seconds) throws InterruptedException {
        var line = lines.poll(seconds, TimeUnit.SECONDS);
        if (END.equals(line)) {
            throw new BenchFailed(name + " has ended: " + tail());
        }
        return Optional.ofNullable(line);
    }

    /** What it says after this word, once it does. */
    public String said(String word, long seconds) throws InterruptedException {
        while (true) {
            var line = line(seconds)
                    .orElseThrow(() ->
                            new BenchFailed(name + " has not said " + word + " for " + seconds + " s: " + tail()));
            if (line.startsWith(word + ' ')) {
                return line.substring(word.length() + 1);
            }
        }
    }

    /** Has it go on. */
    public void goOn() {
        try {
            OutputStream in = process.getOutputStream();
            in.write('\n');
            in.flush();
        } catch (IOException e) {
            throw new BenchFailed(name + " has ended: " + tail(), e);
        }
    }

    String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it as a failing machine does (SIGKILL), and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Has it stand still (SIGSTOP): its sockets stay open, and nobody answers. */
    public void pause() throws InterruptedException {
        signal("STOP");
    }

    /** Has it go on where it stood still (SIGCONT). */
    public void resume() throws InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws InterruptedException {
        try {
            new ProcessBuilder("kill", '-' + name, String.valueOf(pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new BenchFailed(this.name + " cannot be sent SIG" + name + ": " + e.getMessage(), e);
        }
    }

    private String tail() {
        try {
            var all = Files.readAllLines(log);
            return String.join("\n  ", all.subList(Math.max(0, all.size() - TAIL_LINES), all.size())) + "\n(" + log
                    + ")";
        } catch (IOException e) {
            return "see " + log;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // This process is being ended: the hook runs, and finds nothing to do.
        }
    }
}
