package io.stepstream.gateway.limits;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * HTTP/1.1 whose requests' heads must come within a time. Helidon bounds a head's bytes and, by the socket, the silence between two of them:
 * one byte now and then would keep a connection for hours.
 */
public final class TimedHeads implements ServerConnectionSelector {

    private static final ScopedValue<Clock> CLOCK = ScopedValue.newInstance();

    private final ServerConnectionSelector http;
    private final Duration headTime;

    /** @param http makes the connections */
    public TimedHeads(ServerConnectionSelector http, Duration headTime) {
        this.http = http;
        this.headTime = headTime;
    }

    /** When the head that comes now began. A connection is served by one thread, which reads as well. */
    static final class Clock {
        private final Duration headTime;
        private Optional<Long> begin = Optional.empty();
        private boolean inRequest;
        private long from = System.nanoTime();

        Clock(Duration headTime) {
            this.headTime = headTime;
        }

        /** Some bytes have come. */
        void read(long now) {
            if (inRequest || now - from < 0) {
                return;
            }
            if (begin.isEmpty()) {
                begin = Optional.of(now);
            } else if (now - begin.get() > headTime.toNanos()) {
                throw RequestException.builder()
                        .type(DirectHandler.EventType.BAD_REQUEST)
                        .status(Status.REQUEST_TIMEOUT_408)
                        .setKeepAlive(false)
                        .message("The head of the request has not come within %d ms".formatted(headTime.toMillis()))
                        .build();
            }
        }

        private void headEnded() {
            inRequest = true;
            begin = Optional.empty();
        }

        private void requestEnded(Duration rest) {
            inRequest = false;
            from = System.nanoTime() + rest.toNanos();
        }
    }

    /**
     * The head of a request is there, and this is what becomes of it.
     *
     * @param rest how long something of its body may come afterwards, which is no head
     */
    static void request(Duration rest, Runnable handling) {
        if (!CLOCK.isBound()) {
            handling.run();
            return;
        }
        var clock = CLOCK.get();
        clock.headEnded();
        try {
            handling.run();
        } finally {
            clock.requestEnded(rest);
        }
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    /** There is nothing else that a connection could be. */
    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        var clock = new Clock(headTime);
        return new Timed(http.connection(new TimedContext(context, reader(context.dataReader(), clock))), clock);
    }

    private static DataReader reader(DataReader bytes, Clock clock) {
        return DataReader.create(() -> {
            bytes.ensureAvailable();
            clock.read(System.nanoTime());
            return bytes.readBytes(bytes.available());
        });
    }

    private record Timed(ServerConnection connection, Clock clock)
            implements ServerConnection, InterruptableTask<Void> {
        @Override
        public void handle(Limit limit) throws InterruptedException {
            ScopedValue.where(CLOCK, clock).<Void, InterruptedException>call(() -> {
                connection.handle(limit);
                return null;
            });
        }

        @Override
        public Duration idleTime() {
            return connection.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            connection.close(interrupt);
        }

        @Override
        public boolean canInterrupt() {
            return !(connection instanceof InterruptableTask<?> task) || task.canInterrupt();
        }
    }

    /** The connection's context with another reader. */
    private record TimedContext(ConnectionContext context, DataReader dataReader) implements ConnectionContext {
        @Override
        public ListenerContext listenerContext() {
            return context.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return context.executor();
        }

        @Override
        public DataWriter dataWriter() {
            return context.dataWriter();
        }

        @Override
        public Router router() {
            return context.router();
        }

        @Override
        public Optional<ProxyProtocolData> proxyProtocolData() {
            return context.proxyProtocolData();
        }

        @Override
        public PeerInfo remotePeer() {
            return context.remotePeer();
        }

        @Override
        public PeerInfo localPeer() {
            return context.localPeer();
        }

        @Override
        public boolean isSecure() {
            return context.isSecure();
        }

        @Override
        public String socketId() {
            return context.socketId();
        }

        @Override
        public String childSocketId() {
            return context.childSocketId();
        }
    }
}
