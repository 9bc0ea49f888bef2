package io.stepstream.load.generator;

import io.stepstream.schemas.Arns;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls of {@code GetActivityTask} that wait for tasks which never come: one connection each, asked again when its minute is over. */
final class WaitingCalls implements AutoCloseable {
    private static final int CALLS_OF_A_NAME = 500;
    private static final String NAME = "bench-waiting-";

    private final URI gateway;
    private final List<Connection> connections = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> refusals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean closed;

    private WaitingCalls(URI gateway) {
        this.gateway = gateway;
    }

    /** Opens so many, of names that are registered first; on return all have been sent. */
    static WaitingCalls open(URI gateway, int count) throws IOException {
        var calls = new WaitingCalls(gateway);
        try {
            for (var i = 0; i < count; i++) {
                if (i % CALLS_OF_A_NAME == 0) {
                    calls.register(NAME + i / CALLS_OF_A_NAME);
                }
                calls.wait(NAME + i / CALLS_OF_A_NAME);
            }
            return calls;
        } catch (IOException e) {
            calls.close();
            throw e;
        }
    }

    private void register(String name) throws IOException {
        try (var connection = new Connection(gateway)) {
            ask(connection, "CreateActivity", "{\"name\":\"" + name + "\"}");
            connection.awaitOk();
        }
    }

    private void wait(String name) throws IOException {
        var connection = new Connection(gateway);
        connections.add(connection);
        var poll = "{\"activityArn\":\"" + Arns.DEFAULT.activity(name) + "\"}";
        ask(connection, "GetActivityTask", poll);
        open.incrementAndGet();
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    connection.awaitOk();
                    ask(connection, "GetActivityTask", poll);
                }
            } catch (IOException e) {
                if (!closed) {
                    refusals.add(e.toString());
                }
            } finally {
                open.decrementAndGet();
            }
        });
    }

    private static void ask(Connection connection, String operation, String body) throws IOException {
        connection.post(
                "/",
                "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AWSStepFunctions." + operation + "\r\n",
                body);
    }

    /** How many wait; fails if one was refused. */
    int open() {
        if (!refusals.isEmpty()) {
            throw new IllegalStateException(
                    refusals.size() + " calls that were to wait have ended, such as: " + refusals.peek());
        }
        return open.get();
    }

    @Override
    public void close() {
        closed = true;
        for (var connection : connections) {
            try {
                connection.close();
            } catch (IOException e) {
                // It is gone, as it should be.
            }
        }
    }
}
