package io.stepstream.cli.dev;

/**
 * Where dev mode listens. A port of 0 is a free one.
 *
 * @param registry port of the schema registry, which other services on this machine may want to reach
 */
public record DevPorts(int http, int kafka, int registry) {

    /** Free ports for all, as tests want them. */
    public static final DevPorts FREE = new DevPorts(0, 0, 0);

    void requireFree() {
        Ports.requireFree(http, "HTTP", "--http-port");
        Ports.requireFree(kafka, "Kafka", "--kafka-port");
        Ports.requireFree(registry, "the schema registry (it is --http-port plus 1)", "--http-port");
    }
}
