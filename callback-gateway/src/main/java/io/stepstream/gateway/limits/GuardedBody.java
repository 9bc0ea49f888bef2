package io.stepstream.gateway.limits;

import io.helidon.common.buffers.DataReader;
import io.stepstream.gateway.http.UnacceptableBody;
import io.stepstream.gateway.http.UnacceptableBody.TooLarge;
import io.stepstream.gateway.http.UnacceptableBody.TooSlow;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A request's body that ends with an exception when it has become too long, or has taken too long. */
final class GuardedBody extends FilterInputStream {

    private final int mostBytes;
    private final Duration time;
    private final long deadline;
    private long read;
    private boolean refused;

    GuardedBody(InputStream body, int mostBytes, Duration time) {
        super(body);
        this.mostBytes = mostBytes;
        this.time = time;
        this.deadline = System.nanoTime() + time.toNanos();
    }

    private interface Reading {
        int read() throws IOException;
    }

    @Override
    public int read() throws IOException {
        var single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(single[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        var count = inTime(() -> super.read(bytes, offset, length));
        read += Math.max(count, 0);
        if (read > mostBytes && !refused) {
            // Said once: what the server then drains, so that the refusal is heard, passes.
            refused = true;
            throw new TooLarge(mostBytes);
        }
        return count;
    }

    private int inTime(Reading reading) throws IOException, UnacceptableBody {
        try {
            var count = reading.read();
            if (System.nanoTime() - deadline > 0) {
                throw new TooSlow(time);
            }
            return count;
        } catch (DataReader.InsufficientDataAvailableException e) {
            // Nothing came: for too long, or the other side has gone.
            throw System.nanoTime() - deadline > 0 ? new TooSlow(time) : new IOException("the body has ended early", e);
        } catch (RuntimeException | IOException e) {
            if (isTimeout(e)) {
                throw new TooSlow(time);
            }
            throw e;
        }
    }

    private static boolean isTimeout(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }
}
