package io.stepstream.gateway;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A byte now and then, which keeps a connection alive, and says nothing. */
record Drip(ScheduledExecutorService timer) implements AutoCloseable {

    static Drip into(OutputStream out) {
        var timer = Executors.newSingleThreadScheduledExecutor();
        var unused = timer.scheduleAtFixedRate(
                () -> {
                    try {
                        out.write('x');
                        out.flush();
                    } catch (IOException e) {
                        // The other side has had enough, as is to be shown.
                        timer.shutdown();
                    }
                },
                0,
                50,
                TimeUnit.MILLISECONDS);
        return new Drip(timer);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
