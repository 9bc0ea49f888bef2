package io.stepstream.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Bytes to a gateway and bytes back, with nothing of a client's good manners. */
record RawHttp(URI gateway) {

    Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** Sends a request's text, and reads until the other side closes; {@code Connection: close} is for the caller to ask. */
    String send(String request) throws IOException {
        try (var socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return read(socket);
        }
    }

    /** What comes until the other side closes. */
    static String read(Socket socket) throws IOException {
        var all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketException e) {
            // Reset: what has come before is the answer.
            all.flush();
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** The status in an answer; 0 if there was none. */
    static int status(String answer) {
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }
}
