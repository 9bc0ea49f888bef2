package io.stepstream.local;

import io.helidon.webserver.WebServer;
import io.stepstream.local.InMemorySchemaRegistry.Version;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.net.URI;
import org.apache.avro.Schema;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * A schema registry in this JVM that speaks the part of Confluent's REST API which clients and common tools use, reached from this
 * machine only. Its state is in the compacted topic {@code stepstream.schemas}, and in memory: while the broker is away, what is known goes
 * on being answered, and only a new schema is refused.
 */
public final class LocalRegistry implements AutoCloseable {

    private static final String OWNER = "the schema registry";
    private static final int MAX_REQUEST_BYTES = 1024 * 1024;

    private final String bootstrapServers;
    private volatile InMemorySchemaRegistry content;
    private @Nullable SchemaLog log;
    private @Nullable WebServer server;

    private LocalRegistry(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        SchemaLog open = SchemaLog.open(bootstrapServers);
        this.log = open;
        this.content = open.content();
    }

    /**
     * Starts a registry that keeps its schemas on this broker, and returns when it answers.
     *
     * @param port where it is reached on 127.0.0.1; 0 for any free one
     * @throws LocalKafkaFailed if the port is in use
     * @throws KafkaException if the broker cannot be reached, or its topic holds something else
     */
    public static LocalRegistry start(String bootstrapServers, int port) {
        Loopback.check(port, OWNER);
        LocalRegistry registry = new LocalRegistry(bootstrapServers);
        WebServer server = WebServer.builder()
                .host(Loopback.HOST)
                .port(port)
                .maxPayloadSize(MAX_REQUEST_BYTES)
                .shutdownHook(false)
                .routing(new RegistryRoutes(registry)::add)
                .build()
                .start();
        // Helidon logs that it could not bind, and returns.
        if (!server.isRunning()) {
            registry.close();
            throw Loopback.inUse(port, OWNER, new IllegalStateException("The web server did not start"));
        }
        registry.server = server;
        return registry;
    }

    /** Where the API is, as {@link io.stepstream.schemas.registry.HttpSchemaRegistry} takes it. */
    public URI uri() {
        WebServer running = server;
        if (running == null) {
            throw new IllegalStateException("The schema registry is not running");
        }
        return URI.create("http://" + Loopback.HOST + ":" + running.port());
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.stop();
            server = null;
        }
        if (log != null) {
            log.close();
            log = null;
        }
    }

    /**
     * The version that this schema has in this subject, made if there is none; it is on the broker when this returns.
     *
     * @throws io.stepstream.schemas.registry.IncompatibleSchema as {@link SchemaRegistry#register}
     */
    Version register(String subject, Schema schema) {
        return content.known(subject, schema).orElseGet(() -> append(subject, schema));
    }

    private synchronized Version append(String subject, Schema schema) {
        SchemaLog open = log();
        Version version = open.content().next(subject, schema);
        try {
            open.append(version);
            return version;
        } catch (KafkaException e) {
            // Whether it was written is not known, or another registry is the writer now: what counts is read again.
            open.close();
            log = null;
            throw e;
        }
    }

    /** What was read and appended so far; asks no broker. */
    InMemorySchemaRegistry content() {
        return content;
    }

    private synchronized SchemaLog log() {
        SchemaLog open = log;
        if (open == null) {
            open = SchemaLog.open(bootstrapServers);
            log = open;
            content = open.content();
        }
        return open;
    }
}
