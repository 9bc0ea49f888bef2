package io.stepstream.load.generator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.stepstream.schemas.Arns;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls of {@code GetActivityTask} that wait for tasks which never come: one connection each, asked again when its minute is over. Plain
 * sockets, so that what they cost is the gateway's.
 */
final class WaitingCalls implements AutoCloseable {
    private static final int CALLS_OF_A_NAME = 500;
    private static final String NAME = "bench-waiting-";

    private final URI gateway;
    private final List<Socket> sockets = new ArrayList<>();
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
        try (var socket = connect()) {
            var answer = ask(socket, "CreateActivity", "{\"name\":\"" + name + "\"}");
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new IOException("an activity cannot be created: " + answer);
            }
        }
    }

    private Socket connect() throws IOException {
        return new Socket(gateway.getHost(), gateway.getPort());
    }

    private void wait(String name) throws IOException {
        var socket = connect();
        sockets.add(socket);
        var poll = "{\"activityArn\":\"" + Arns.DEFAULT.activity(name) + "\"}";
        send(socket, "GetActivityTask", poll);
        open.incrementAndGet();
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var answer = read(socket.getInputStream());
                    if (!answer.startsWith("HTTP/1.1 200")) {
                        refusals.add(answer);
                        return;
                    }
                    send(socket, "GetActivityTask", poll);
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

    /** How many wait; fails if one was refused. */
    int open() {
        if (!refusals.isEmpty()) {
            throw new IllegalStateException(
                    refusals.size() + " calls that were to wait have ended, such as: " + refusals.peek());
        }
        return open.get();
    }

    private String ask(Socket socket, String operation, String body) throws IOException {
        send(socket, operation, body);
        return read(socket.getInputStream());
    }

    private void send(Socket socket, String operation, String body) throws IOException {
        var request = """
                POST / HTTP/1.1\r
                Host: %s\r
                Content-Type: application/x-amz-json-1.0\r
                X-Amz-Target: AWSStepFunctions.%s\r
                Content-Length: %d\r
                \r
                %s""".formatted(gateway.getAuthority(), operation, body.length(), body);
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** A head and as much body as it announces. */
    private static String read(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            var next = in.read();
            if (next < 0) {
                throw new IOException("the gateway has closed the connection");
            }
            head.write(next);
        }
        var text = head.toString(ISO_8859_1);
        var length = text.lines()
                .filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
        return text + new String(in.readNBytes(length), ISO_8859_1);
    }

    @Override
    public void close() {
        closed = true;
        for (var socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone, as it should be.
            }
        }
    }
}
