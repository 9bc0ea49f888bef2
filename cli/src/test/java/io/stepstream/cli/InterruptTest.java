package io.stepstream.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals, to a process of its own. */
final class InterruptTest {
    private static final int OWN_CODE = 3;
    private static final int BY_TERM = 128 + 15;

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void aCommandEndsInOrderAndByItsOwnCode(String signal) throws Exception {
        var process = start(Waiting.class);
        try (var said = process.inputReader()) {
            assertThat(said.readLine()).isEqualTo("waiting");
            signal(process, signal);
            assertThat(said.readLine()).isEqualTo("closed");
            assertThat(said.readLine()).isEqualTo("told");
            assertThat(process.waitFor(60, SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(OWN_CODE);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aSecondSignalEndsACommandThatDoesNotEnd() throws Exception {
        var process = start(Stubborn.class);
        try (var said = process.inputReader()) {
            assertThat(said.readLine()).isEqualTo("waiting");
            signal(process, "TERM");
            assertThat(said.readLine()).isEqualTo("going on");
            signal(process, "TERM");
            assertThat(process.waitFor(60, SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(BY_TERM);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Whoever runs the tests may ignore signals, as nohup does; a JVM that is started with an ignored one leaves it ignored. */
    private static Process start(Class<?> main) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        var process = new ProcessBuilder(
                        "env",
                        "--default-signal=INT,TERM,HUP",
                        java.toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        CompletableFuture.delayedExecutor(60, SECONDS).execute(process::destroyForcibly);
        return process;
    }

    private static void signal(Process process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** A command as `audit verify` is one: it says something after it has closed. */
    static final class Waiting {
        private Waiting() {}

        public static void main(String[] args) throws InterruptedException {
            try (var interrupt = new Interrupt()) {
                System.out.println("waiting");
                interrupt.await();
            }
            System.out.println("closed");
            System.out.println("told");
            System.exit(OWN_CODE);
        }
    }

    /** A command that does not come to its end. */
    static final class Stubborn {
        private Stubborn() {}

        public static void main(String[] args) throws InterruptedException {
            try (var interrupt = new Interrupt()) {
                System.out.println("waiting");
                interrupt.await();
                System.out.println("going on");
                Thread.currentThread().join();
            }
        }
    }
}
