package io.stepstream.orchestrator.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A host that is gone, on loopback: whoever connects to its port is neither accepted nor refused, as its queue of connections is full. */
final class GoneHost implements AutoCloseable {
    private static final int SOON = 200;
    private static final int LONGEST_QUEUE = 1_000;

    private final ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<Socket> queue = new ArrayList<>();

    GoneHost() throws IOException {
        while (isAccepted()) {
            if (queue.size() > LONGEST_QUEUE) {
                throw new IllegalStateException("this machine queues more connections than a port asks for");
            }
        }
    }

    private boolean isAccepted() throws IOException {
        var socket = new Socket();
        queue.add(socket);
        try {
            socket.connect(port.getLocalSocketAddress(), SOON);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    String address() {
        var address = (InetSocketAddress) port.getLocalSocketAddress();
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Override
    public void close() throws IOException {
        for (var socket : queue) {
            socket.close();
        }
        port.close();
    }
}
