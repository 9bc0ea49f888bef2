package io.stepstream.orchestrator.engine;

import io.stepstream.schemas.registry.RegistryUnavailable;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.Schema;

/**
 * A registry for stream threads: it is waited for only so long that no transaction times out, and not again for the same schema
 * while the question is still open.
 */
public final class BoundedRegistry implements SchemaRegistry {
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final SchemaRegistry registry;
    private final Map<Integer, CompletableFuture<Schema>> open = new ConcurrentHashMap<>();

    public BoundedRegistry(SchemaRegistry registry) {
        this.registry = registry;
    }

    /** Not bounded: what the engine writes is registered when it starts. */
    @Override
    public int register(String subject, Schema schema) {
        return registry.register(subject, schema);
    }

    @Override
    public Schema byId(int id) {
        var asked = new CompletableFuture<Schema>();
        var earlier = open.putIfAbsent(id, asked);
        if (earlier != null && !earlier.isDone()) {
            throw new RegistryUnavailable(
                    "the schema registry has not answered yet about the schema with id " + id, null);
        }
        var answer = earlier == null ? asked : earlier;
        if (earlier == null) {
            Thread.ofVirtual().start(() -> ask(id, asked));
        }
        return await(id, answer);
    }

    private void ask(int id, CompletableFuture<Schema> answer) {
        try {
            answer.complete(registry.byId(id));
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private Schema await(int id, CompletableFuture<Schema> answer) {
        try {
            var schema = answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            open.remove(id, answer);
            return schema;
        } catch (TimeoutException e) {
            throw new RegistryUnavailable("the schema registry takes long to answer about the schema with id " + id, e);
        } catch (ExecutionException e) {
            open.remove(id, answer);
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("asking the schema registry ended without a reason", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailable("interrupted while asking the schema registry", e);
        }
    }
}
