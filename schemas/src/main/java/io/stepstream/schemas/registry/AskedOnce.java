package io.stepstream.schemas.registry;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Questions that many threads ask at once and one of them puts: all get its answer, or its failure. A process that starts under load would
 * otherwise ask the registry as often as it is called, until that answers nobody in time.
 */
final class AskedOnce<K, V> {
    private final Map<K, CompletableFuture<V>> asked = new ConcurrentHashMap<>();

    /** The answer to a question: this thread's, or that of another which is being asked just now. */
    V ask(K question, Supplier<V> asking) {
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> others = asked.putIfAbsent(question, mine);
        if (others != null) {
            return await(others);
        }
        try {
            V answer = asking.get();
            mine.complete(answer);
            return answer;
        } catch (RuntimeException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            asked.remove(question);
            // An Error is this thread's alone; nobody waits for ever on account of it.
            mine.completeExceptionally(new RegistryUnavailable("Whoever asked the schema registry has died", null));
        }
    }

    private V await(CompletableFuture<V> others) {
        try {
            return others.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new IllegalStateException("only ever failed with an unchecked exception", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailable("Interrupted while another thread asked the schema registry", e);
        }
    }
}
