package io.stepstream.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
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

    private static Process start(Class<?> main) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(Stream.of(
                                java.toString(),
                                "-Xmx64m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName())
                        .toList())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
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
