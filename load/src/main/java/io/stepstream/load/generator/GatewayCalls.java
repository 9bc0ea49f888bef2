package io.stepstream.load.generator;

import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.avro.TaskRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Answers to tasks by the gateway's native API. Each call returns with the engine's verdict. */
final class GatewayCalls {
    /** Less than the silence, 20 s, after which the gateway closes a connection. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final URI gateway;
    private final Deque<Connection> free = new ConcurrentLinkedDeque<>();

    GatewayCalls(URI gateway) {
        this.gateway = gateway;
    }

    void succeed(TaskRequest request) throws IOException {
        var connection = connection();
        connection.post(
                "/v1/tasks/" + request.getToken() + "/success",
                "Content-Type: application/json\r\n",
                Payloads.json(request.getInput()));
        connection.awaitOk();
        free.addFirst(connection);
    }

    private Connection connection() throws IOException {
        for (var connection = free.pollFirst(); connection != null; connection = free.pollFirst()) {
            if (connection.wasUsedWithin(IDLE)) {
                return connection;
            }
            connection.close();
        }
        return new Connection(gateway);
    }
}
