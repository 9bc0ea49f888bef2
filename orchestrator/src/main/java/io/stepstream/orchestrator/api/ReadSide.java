package io.stepstream.orchestrator.api;

import io.stepstream.orchestrator.views.ViewGenerations;
import io.stepstream.orchestrator.views.ViewsSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.HostInfo;

/** The read side of one orchestrator: its views, and the API that answers out of them. The topics must exist. */
public final class ReadSide implements AutoCloseable {

    private final QueryApi api;
    private final ViewGenerations views;

    private ReadSide(QueryApi api, ViewGenerations views) {
        this.api = api;
        this.views = views;
    }

    /**
     * Starts both; neither waits for anything.
     *
     * @param host name or address that the API listens on, and that other instances reach it by
     * @param port where it listens there; 0 for a free port
     * @param secret what its callers must send
     * @param problems what else of this process is not ready, in words: {@code /health/ready} tells it
     * @param metrics what {@code /metrics} answers, in the text format of Prometheus
     */
    public static ReadSide start(
            ViewsSettings settings,
            String host,
            int port,
            String secret,
            Supplier<List<String>> problems,
            Supplier<String> metrics) {
        var api = new QueryApi(
                host, port, secret, problems, metrics, settings.meters().limits(), settings.limits());
        try {
            var uri = api.uri();
            var views = ViewGenerations.start(settings, new HostInfo(uri.getHost(), uri.getPort()), api::serve);
            return new ReadSide(api, views);
        } catch (RuntimeException e) {
            api.close();
            throw e;
        }
    }

    /** Where the API is. */
    public URI uri() {
        return api.uri();
    }

    /** Waits for the views to be there for the first time. */
    public void awaitReady(Duration atMost) throws InterruptedException, TimeoutException {
        views.awaitReady(atMost);
    }

    @Override
    public void close() {
        api.close();
        views.close();
    }
}
