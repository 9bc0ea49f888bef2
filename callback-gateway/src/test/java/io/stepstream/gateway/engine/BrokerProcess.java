package io.stepstream.gateway.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.local.LocalKafka;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;

/** A broker in a process of its own, that can be made to stand still. */
final class BrokerProcess implements AutoCloseable {
    private final Process process;
    private final String bootstrapServers;

    private BrokerProcess(Process process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
    }

    /** The other process: a broker on the folder that is named, until its standard input ends. */
    public static void main(String[] args) throws IOException {
        var kafka = LocalKafka.start(Path.of(args[0]), 0);
        System.out.println("ready " + kafka.bootstrapServers());
        while (System.in.read() >= 0) {
            // It says nothing; it only ends.
        }
        System.exit(0);
    }

    static BrokerProcess start(Path folder) throws IOException {
        var process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerProcess.class.getName(),
                        folder.toString()))
                .redirectError(folder.resolveSibling("broker.log").toFile())
                .start();
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("ready ")) {
                return new BrokerProcess(process, line.substring("ready ".length()));
            }
        }
        throw new IOException("the broker has ended before it was ready");
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    /** Has it stand still: its connections stay open, and nobody answers. */
    void hang() throws IOException, InterruptedException {
        signal("STOP");
    }

    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        var killed = new ProcessBuilder("kill", '-' + name, Long.toString(process.pid())).start();
        if (killed.waitFor() != 0) {
            throw new IOException("SIG" + name + " could not be sent");
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
