package io.stepstream.local;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;

/** Listening sockets that only this machine reaches. */
final class Loopback {

    static final String HOST = "127.0.0.1";

    private Loopback() {}

    /**
     * A socket that listens on this port.
     *
     * @param port 0 for any free one
     * @param owner whose port it is, for the message
     * @throws LocalKafkaFailed if the port is in use
     */
    static ServerSocketChannel bind(int port, String owner) {
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(new InetSocketAddress(HOST, port));
                channel.configureBlocking(false);
                return channel;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (BindException e) {
            throw inUse(port, owner, e);
        } catch (IOException e) {
            throw new LocalKafkaFailed(owner + " cannot listen on " + HOST + ":" + port + ": " + e, e);
        }
    }

    /** Says at once if nobody can listen on this port: for servers that bind late, and only log that they could not. */
    static void check(int port, String owner) {
        try (ServerSocketChannel channel = bind(port, owner)) {
            assert channel.isOpen();
        } catch (IOException e) {
            throw inUse(port, owner, e);
        }
    }

    static LocalKafkaFailed inUse(int port, String owner, Exception cause) {
        return new LocalKafkaFailed(
                "Port " + port + " on " + HOST + " is in use: stop what uses it, or choose another port for " + owner,
                cause);
    }
}
