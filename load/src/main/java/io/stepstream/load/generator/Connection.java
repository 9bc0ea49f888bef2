package io.stepstream.load.generator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A connection to the gateway, on which one request is asked after the other. A plain socket: what a call costs is to be the gateway's, and
 * an HTTP client of many threads costs more than the gateway does. Not thread-safe.
 */
final class Connection implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]{1,9})\r\n");
    private static final int LONGEST = 1024 * 1024;
    private static final int OK = 200;

    private final Socket socket;
    private final String authority;
    private byte[] buffer = new byte[512];
    private long usedAt = System.nanoTime();

    Connection(URI gateway) throws IOException {
        socket = new Socket(gateway.getHost(), gateway.getPort());
        socket.setTcpNoDelay(true);
        authority = gateway.getAuthority();
    }

    /**
     * Sends a request.
     *
     * @param headers each ended by CRLF
     */
    void post(String path, String headers, String body) throws IOException {
        var content = body.getBytes(UTF_8);
        var head = "POST " + path + " HTTP/1.1\r\nHost: " + authority + "\r\n" + headers + "Content-Length: "
                + content.length + "\r\n\r\n";
        var request = new ByteArrayOutputStream(head.length() + content.length);
        request.writeBytes(head.getBytes(ISO_8859_1));
        request.writeBytes(content);
        socket.getOutputStream().write(request.toByteArray());
    }

    /** Waits for the answer to what was sent, and reads it whole; fails unless it is 200. */
    void awaitOk() throws IOException {
        var length = 0;
        var end = 0;
        while (end == 0) {
            length = more(length);
            end = headEnd(length);
        }
        var head = new String(buffer, 0, end, ISO_8859_1);
        var announced = LENGTH.matcher(head);
        if (!announced.find()) {
            throw new IOException("the gateway answers without saying how long: " + head);
        }
        var whole = end + Integer.parseInt(announced.group(1));
        while (length < whole) {
            length = more(length);
        }
        usedAt = System.nanoTime();
        // HTTP/1.1 and a blank, then the status in three digits.
        if (Integer.parseInt(head.substring(9, 12)) != OK) {
            throw new IOException("the gateway answers: " + new String(buffer, 0, whole, UTF_8));
        }
    }

    /** Reads on behind what there is, and tells how much there is then. */
    private int more(int length) throws IOException {
        if (length == LONGEST) {
            throw new IOException("the gateway answers with more than " + LONGEST + " bytes");
        }
        if (length == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * length);
        }
        var count = socket.getInputStream().read(buffer, length, buffer.length - length);
        if (count < 0) {
            throw new IOException("the gateway has closed the connection");
        }
        return length + count;
    }

    /** Where the body begins, or 0 if the head is not complete. */
    private int headEnd(int length) {
        for (var i = 3; i < length; i++) {
            if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n' && buffer[i - 3] == '\r') {
                return i + 1;
            }
        }
        return 0;
    }

    /** Whether it was used within this time. */
    boolean wasUsedWithin(Duration time) {
        return System.nanoTime() - usedAt < time.toNanos();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
