package io.stepstream.chaos.world;

import io.stepstream.schemas.avro.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What is still to come: ends of executions that run, resumes of state machines that are paused, and verdicts on calls. */
final class Pending {
    private final Set<String> open = new HashSet<>();
    private final Map<String, CompletableFuture<Verdict>> calls = new HashMap<>();
    private int ended;
    private long progress = System.nanoTime();
    private Optional<Exception> failure = Optional.empty();

    /** An execution runs, or is about to; or a state machine is paused. */
    synchronized void begun(String subject) {
        open.add(subject);
    }

    /** It has come to its end, for all that is known. */
    synchronized void ended(String subject) {
        ended += open.remove(subject) ? 1 : 0;
        progressed();
    }

    /** A call is made; what is returned is its verdict, or why it could not be sent. */
    synchronized CompletableFuture<Verdict> called(String call) {
        return calls.computeIfAbsent(call, _ -> new CompletableFuture<>());
    }

    void answered(String call, Verdict verdict) {
        take(call).ifPresent(waiting -> waiting.complete(verdict));
    }

    void unsent(String call, Exception why) {
        take(call).ifPresent(waiting -> waiting.completeExceptionally(why));
    }

    private synchronized Optional<CompletableFuture<Verdict>> take(String call) {
        var waiting = Optional.ofNullable(calls.remove(call));
        progressed();
        return waiting;
    }

    private synchronized void progressed() {
        progress = System.nanoTime();
        notifyAll();
    }

    /** Nothing will be heard of any more. */
    synchronized void failed(Exception e) {
        failure = Optional.of(e);
        notifyAll();
    }

    /** How much has come to its end. */
    synchronized int ended() {
        return ended;
    }

    /** How much is open. */
    synchronized int count() {
        return open.size() + calls.size();
    }

    /**
     * Waits until fewer than so many have begun and not ended, or this time of {@link System#nanoTime} has come.
     *
     * @return whether there is room for one more
     */
    synchronized boolean awaitRoom(int most, long until) throws InterruptedException {
        while (open.size() >= most && failure.isEmpty()) {
            var left = Duration.ofNanos(until - System.nanoTime()).toMillis();
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Waits until nothing that has begun is open, or nothing has come to its end for so long. */
    void awaitEnds(Duration patience) throws InterruptedException {
        awaitNone(open::isEmpty, patience);
    }

    /** Waits until every call has its verdict, or nothing has come to its end for so long. */
    void awaitVerdicts(Duration patience) throws InterruptedException {
        awaitNone(calls::isEmpty, patience);
    }

    private interface Condition {
        boolean holds();
    }

    private synchronized void awaitNone(Condition condition, Duration patience) throws InterruptedException {
        progress = System.nanoTime();
        while (!condition.holds()) {
            if (failure.isPresent()) {
                throw new IllegalStateException("nobody reads any more: " + failure.get(), failure.get());
            }
            var left = patience.minusNanos(System.nanoTime() - progress).toMillis();
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }
}
