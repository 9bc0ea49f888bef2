package io.stepstream.schemas;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for brokers on behalf of those who have share consumers. A share consumer of Kafka 4.3 keeps a core busy while it can reach none:
 * one that {@linkplain BrokerConnection has lost them} is to be closed, and opened again when they are back (ADR 0055).
 */
public final class Brokers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Brokers.class);

    private final Supplier<Admin> clients;
    private CompletableFuture<Void> back = CompletableFuture.completedFuture(null);
    private Optional<Thread> waiting = Optional.empty();
    private boolean closed;

    /** @param clients opens a client, which backs off while it reaches nobody */
    public Brokers(Supplier<Admin> clients) {
        this.clients = clients;
    }

    /** Says that no broker can be reached. Done as soon as one can, or when this is closed; all who wait do so by one client. */
    public synchronized CompletableFuture<Void> lost() {
        if (back.isDone() && !closed) {
            var next = new CompletableFuture<Void>();
            back = next;
            waiting = Optional.of(Thread.ofVirtual().name("brokers").start(() -> await(next)));
        }
        return back;
    }

    /** Whether somebody has said so, and they are not back. */
    public synchronized boolean areLost() {
        return !back.isDone();
    }

    private void await(CompletableFuture<Void> reached) {
        LOG.warn("No broker can be reached; share consumers are closed until one can");
        try (var client = clients.get()) {
            while (!isReached(client)) {
                LOG.debug("Still no broker can be reached");
            }
            LOG.info("Brokers can be reached again");
        } catch (KafkaException e) {
            LOG.warn("No client can wait for brokers: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reached.complete(null);
        }
    }

    /** Asks for as long as the client's timeout. A refusal is an answer too: whoever waits will be told the same. */
    private static boolean isReached(Admin client) throws InterruptedException {
        try {
            client.describeCluster().nodes().get();
            return true;
        } catch (ExecutionException e) {
            return !(e.getCause() instanceof RetriableException);
        }
    }

    /** Lets all go on who wait. */
    @Override
    public synchronized void close() {
        closed = true;
        waiting.ifPresent(Thread::interrupt);
    }
}
