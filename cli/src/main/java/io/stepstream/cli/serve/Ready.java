package io.stepstream.cli.serve;

import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.slf4j.LoggerFactory;

/** Says when a service is ready. How long that takes is nobody's business here: state may have to be restored first. */
final class Ready {

    /** After this time without readiness, the log says what is in the way. */
    private static final Duration TOLD_EVERY = Duration.ofMinutes(1);

    private Ready() {}

    /** Something that can be waited for. */
    @FunctionalInterface
    interface Waiting {
        void await(Duration atMost) throws TimeoutException, InterruptedException;
    }

    /** Prints the address once, when the service is ready; does not wait for that. */
    static void announce(PrintWriter out, URI address, Waiting service) {
        Thread.ofVirtual().name("ready").start(() -> {
            try {
                while (!isReady(service)) {}
                out.println("ready " + address);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static boolean isReady(Waiting service) throws InterruptedException {
        try {
            service.await(TOLD_EVERY);
            return true;
        } catch (TimeoutException e) {
            LoggerFactory.getLogger(Ready.class).warn("{}", e.getMessage());
            return false;
        }
    }
}
