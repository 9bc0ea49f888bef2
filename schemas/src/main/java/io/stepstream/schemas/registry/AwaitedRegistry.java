package io.stepstream.schemas.registry;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry for what starts: it may be starting just now, too, and is then waited for, and the log says so.
 *
 * @param registry what is asked
 * @param patience how long it is asked again; then its last answer counts
 */
public record AwaitedRegistry(SchemaRegistry registry, Duration patience) implements SchemaRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(AwaitedRegistry.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** One that is waited for as long as a registry takes to start. */
    public AwaitedRegistry(SchemaRegistry registry) {
        this(registry, PATIENCE);
    }

    @Override
    public int register(String subject, Schema schema) {
        return awaited(() -> registry.register(subject, schema));
    }

    @Override
    public Schema byId(int id) {
        return awaited(() -> registry.byId(id));
    }

    private <T> T awaited(Supplier<T> question) {
        var until = System.nanoTime() + patience.toNanos();
        for (var attempt = 1; ; attempt++) {
            try {
                return question.get();
            } catch (RegistryUnavailable e) {
                if (System.nanoTime() - until >= 0) {
                    throw e;
                }
                if (attempt == 1) {
                    LOG.warn("waiting for the schema registry, up to {} s: {}", patience.toSeconds(), e.getMessage());
                }
                pause(e);
            }
        }
    }

    private static void pause(RegistryUnavailable reason) {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw reason;
        }
    }
}
