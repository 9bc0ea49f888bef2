package io.stepstream.gateway;

import io.helidon.common.socket.SocketOptions;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Helidon's socket options with the read timeout in force: 4.5 takes connections from a channel, which has no such option, and sets it on
 * none. Without it a body that stops coming is waited for without end.
 *
 * @param others all other options
 * @param readTimeout the longest silence while something is read
 */
record TimedReads(SocketOptions others, Duration readTimeout) implements SocketOptions {

    @Override
    public void configureSocket(SocketChannel connection) {
        others.configureSocket(connection);
        try {
            connection.socket().setSoTimeout(Math.toIntExact(readTimeout.toMillis()));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<SocketOption<?>, Object> socketOptions() {
        return others.socketOptions();
    }

    @Override
    public Duration connectTimeout() {
        return others.connectTimeout();
    }

    @Override
    public Optional<Integer> socketReceiveBufferSize() {
        return others.socketReceiveBufferSize();
    }

    @Override
    public Optional<Integer> socketSendBufferSize() {
        return others.socketSendBufferSize();
    }

    @Override
    public boolean socketReuseAddress() {
        return others.socketReuseAddress();
    }

    @Override
    public boolean socketKeepAlive() {
        return others.socketKeepAlive();
    }

    @Override
    public boolean tcpNoDelay() {
        return others.tcpNoDelay();
    }
}
