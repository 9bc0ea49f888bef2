package io.stepstream.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Bytes to a gateway and bytes back, with nothing of a client's good manners. */
record RawHttp(URI gateway) {

    private static final Pattern HEAD =
            Pattern.compile("(?is)^HTTP/1\\.1 .*?\r\ncontent-length: *([0-9]{1,9})\r\n(?:.*?\r\n)?\r\n");

    Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Sends a request's text, and reads the answer. */
    String send(String request) throws IOException {
        try (var socket = connect()) {
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            } catch (SocketException e) {
                // The other side has had enough: it may have said so before.
                return read(socket);
            }
            return read(socket);
        }
    }

    /** An answer, to the end of its body; or what has come when the other side closes. */
    static String read(Socket socket) throws IOException {
        var all = new StringBuilder();
        var bytes = new byte[8192];
        try {
            while (!isWhole(all)) {
                var count = socket.getInputStream().read(bytes);
                if (count < 0) {
                    break;
                }
                all.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketException | SocketTimeoutException e) {
            // Reset, or silence: what has come before is the answer.
            return all.toString();
        }
        return all.toString();
    }

    private static boolean isWhole(CharSequence answer) {
        var found = HEAD.matcher(answer);
        return found.find() && answer.length() >= found.end() + Integer.parseInt(found.group(1));
    }

    /** The status in an answer; 0 if there was none. */
    static int status(String answer) {
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }
}
