package io.stepstream.local;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.loader.MetadataLoader;
import org.apache.kafka.image.publisher.MetadataPublisher;

/**
 * The broker that had this node's folder before. If it was killed, the controller takes it for alive until its session is over. One that
 * starts sooner takes itself for the leader, loads, is leader no longer and then again, and Kafka leaves transactions open for good
 * over that (ADR 0063).
 */
final class Predecessor implements MetadataPublisher {
    private final int node;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    Predecessor(int node) {
        this.node = node;
    }

    /**
     * Waits until the controller takes no broker of this node's for alive.
     *
     * @param loader of a controller that has started
     */
    static void awaitGone(MetadataLoader loader, int node, Duration patience) throws InterruptedException {
        try (var predecessor = new Predecessor(node)) {
            loader.installPublishers(List.of(predecessor));
            predecessor.gone.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            loader.removeAndClosePublisher(predecessor);
        } catch (TimeoutException e) {
            throw new LocalKafkaFailed(
                    "Kafka's controller has taken the broker that was here before for alive for " + patience.toSeconds()
                            + " s",
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String name() {
        return "predecessor of broker " + node;
    }

    @Override
    public void onMetadataUpdate(MetadataDelta delta, MetadataImage newImage, LoaderManifest manifest) {
        var broker = newImage.cluster().broker(node);
        if (broker == null || broker.fenced()) {
            gone.complete(null);
        }
    }

    @Override
    public void close() {}
}
