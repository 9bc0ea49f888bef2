package io.stepstream.worker;

import io.stepstream.schemas.Brokers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ShareConsumer;

/**
 * The lanes of one task name: at most as many as requests may be served at once. The group spreads the topic's partitions over its
 * members, busy or not, so there are always more lanes than busy ones, or a request would wait behind another one's handler.
 */
final class Lanes implements Intake {

    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(5);

    private final String topic;
    private final Supplier<ShareConsumer<byte[], byte[]>> consumers;
    private final Brokers brokers;
    private final Service service;
    private final int most;
    private final List<OpenLane> open = new ArrayList<>();
    private final CompletableFuture<Void> graceOver = new CompletableFuture<>();
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private int busy;

    Lanes(String topic, Supplier<ShareConsumer<byte[], byte[]>> consumers, Brokers brokers, Service service, int most) {
        this.topic = topic;
        this.consumers = consumers;
        this.brokers = brokers;
        this.service = service;
        this.most = most;
    }

    @Override
    public synchronized void open() {
        var lane = new Lane(topic, consumers, service, this);
        String name = "lane-" + (open.size() + 1) + "-" + topic;
        open.add(new OpenLane(lane, Thread.ofVirtual().name(name).start(lane)));
    }

    /** A lane has begun to serve a request; others must listen in its place. */
    synchronized void taken() {
        busy++;
        while (open.size() < Math.min(most, 2 * (busy + 1)) && !isClosing()) {
            open();
        }
    }

    synchronized void done() {
        busy--;
    }

    boolean isClosing() {
        return closing.isDone();
    }

    /** Waits until a broker can be reached, or the lanes are told to close. */
    void awaitBrokers() {
        CompletableFuture.anyOf(brokers.lost(), closing).join();
    }

    /** Done when handlers that still run are to be interrupted and their requests given back. */
    CompletableFuture<Void> graceOver() {
        return graceOver;
    }

    /** Takes no more requests; those held are finished. */
    @Override
    public synchronized void close() {
        closing.complete(null);
        open.forEach(it -> it.lane().wakeup());
    }

    /**
     * Gives back what is not finished. Idle lanes leave first: their fetches wait at the broker, and would be given what is given
     * back, which counts as a delivery.
     */
    @Override
    public void giveBack() throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST_LEAVE.toNanos();
        for (OpenLane it : lanesNow()) {
            if (!it.lane().isServing()) {
                it.endsBefore(deadline);
            }
        }
        graceOver.complete(null);
    }

    /** Waits for the end of every lane, at most until a time of {@link System#nanoTime()}; tells whether all have ended. */
    @Override
    public boolean awaitEnd(long deadline) throws InterruptedException {
        for (OpenLane it : lanesNow()) {
            if (!it.endsBefore(deadline)) {
                return false;
            }
        }
        return true;
    }

    private synchronized List<OpenLane> lanesNow() {
        return List.copyOf(open);
    }

    private record OpenLane(Lane lane, Thread thread) {
        boolean endsBefore(long deadline) throws InterruptedException {
            long left = deadline - System.nanoTime();
            return left > 0 ? thread.join(Duration.ofNanos(left)) : !thread.isAlive();
        }
    }
}
