package io.stepstream.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ctrl-C, a SIGTERM or a SIGHUP as something to wait for, until closed: the command ends by itself, in order, says what it has to, and exits with its
 * own code. A shutdown hook could do neither of the last two, as the JVM's end has begun by then. A second signal ends the JVM as always.
 */
public final class Interrupt implements AutoCloseable {
    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    private final CountDownLatch asked = new CountDownLatch(1);
    private final Map<Signal, SignalHandler> before;

    /** From now on. */
    public Interrupt() {
        before = SIGNALS.stream()
                .map(Signal::new)
                .collect(Collectors.toMap(signal -> signal, signal -> Signal.handle(signal, _ -> interrupted())));
    }

    /** Waits for the signal. */
    public void await() throws InterruptedException {
        asked.await();
    }

    /** Waits as long as given; true if the signal has come. */
    public boolean isAskedWithin(Duration time) throws InterruptedException {
        return asked.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Signals do what they did before. */
    @Override
    public void close() {
        before.forEach(Signal::handle);
    }

    private void interrupted() {
        close();
        asked.countDown();
    }
}
