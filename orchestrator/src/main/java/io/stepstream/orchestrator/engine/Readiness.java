package io.stepstream.orchestrator.engine;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;

/** What keeps this instance from being ready, in words; ready when there is nothing. Safe for use by several threads. */
public final class Readiness {
    private final SortedMap<String, String> obstacles = new TreeMap<>();

    /** This part cannot do its work, for this reason. */
    public synchronized void obstructed(String part, String reason) {
        obstacles.put(part, reason);
    }

    /** This part can do its work. */
    public synchronized void clear(String part) {
        obstacles.remove(part);
        notifyAll();
    }

    /** Every obstacle, as "part: reason"; empty when ready. */
    public synchronized List<String> obstacles() {
        return obstacles.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .toList();
    }

    /**
     * Waits until there is no obstacle.
     *
     * @throws TimeoutException if there still is one after this time; the message names them all
     */
    public synchronized void await(Duration atMost) throws TimeoutException, InterruptedException {
        var until = System.nanoTime() + atMost.toNanos();
        while (!obstacles.isEmpty()) {
            var left = Duration.ofNanos(until - System.nanoTime()).toMillis();
            if (left <= 0) {
                throw new TimeoutException("not ready after " + atMost + ": " + obstacles());
            }
            wait(left);
        }
    }
}
