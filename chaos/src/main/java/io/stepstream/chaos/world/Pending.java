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
    private Optional<Exception> failure = Optional.empty();

    /** An execution runs, or is about to; or a state machine is paused. */
    synchronized void begun(String subject) {
        open.add(subject);
    }

    /** It has come to its end, for all that is known. */
    synchronized void ended(String subject) {
        ended += open.remove(subject) ? 1 : 0;
        notifyAll();
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
        notifyAll();
        return waiting;
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

    /** Waits until nothing that has begun is open, at most until a time of {@link System#nanoTime()}. */
    void awaitEnds(long until) throws InterruptedException {
        awaitNone(open::isEmpty, until);
    }

    /** Waits until every call has its verdict, at most until a time of {@link System#nanoTime()}. */
    void awaitVerdicts(long until) throws InterruptedException {
        awaitNone(calls::isEmpty, until);
    }

    private interface Condition {
        boolean holds();
    }

    private synchronized void awaitNone(Condition condition, long until) throws InterruptedException {
        while (!condition.holds()) {
            if (failure.isPresent()) {
                throw new IllegalStateException("nobody reads any more: " + failure.get(), failure.get());
            }
            var left = Duration.ofNanos(until - System.nanoTime()).toMillis();
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }
}
