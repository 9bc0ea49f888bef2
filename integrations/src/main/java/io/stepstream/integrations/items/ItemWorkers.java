package io.stepstream.integrations.items;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stepstream.integrations.items.reader.ItemReader;
import io.stepstream.integrations.items.store.Buckets;
import io.stepstream.integrations.items.writer.ResultWriter;
import io.stepstream.integrations.settings.TaskTopics;
import io.stepstream.worker.Worker;
import java.util.List;

/** The item reader and the result writer at work. */
public final class ItemWorkers implements AutoCloseable {

    private final Buckets buckets;
    private final ItemReader reader;
    private final Worker worker;

    private ItemWorkers(Buckets buckets, ItemReader reader, Worker worker) {
        this.buckets = buckets;
        this.reader = reader;
        this.worker = worker;
    }

    /**
     * Registers both task names, by making their topics where they are missing, and takes requests.
     *
     * @throws IllegalArgumentException if a mapped directory is none
     * @throws IllegalStateException if Kafka cannot be reached, or has not Stepstream's topics
     */
    public static ItemWorkers start(ItemSettings settings) {
        TaskTopics.make(
                settings.bootstrapServers(),
                settings.kafka(),
                settings.registry(),
                List.of(ItemReader.TASK_NAME, ResultWriter.TASK_NAME));
        Buckets buckets = Buckets.open(settings.buckets());
        var reader = new ItemReader(buckets, settings.inflatedBytes());
        try {
            Worker.Builder builder = Worker.builder()
                    .bootstrapServers(settings.bootstrapServers())
                    .registry(settings.registry())
                    .name("stepstream-items")
                    // Results are written as they came: 1.0 stays 1.0.
                    .json(JsonMapper.builder()
                            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                            .build())
                    .task(ItemReader.TASK_NAME, JsonNode.class, reader)
                    .task(ResultWriter.TASK_NAME, JsonNode.class, new ResultWriter(buckets));
            settings.kafka().forEach(builder::kafka);
            return new ItemWorkers(buckets, reader, builder.start());
        } catch (RuntimeException e) {
            reader.close();
            buckets.close();
            throw e;
        }
    }

    /** Waits until the workers are closed by another thread. */
    public void join() throws InterruptedException {
        worker.join();
    }

    /** Finishes the requests that it has, or gives them back to others. */
    @Override
    public void close() {
        worker.close();
        reader.close();
        buckets.close();
    }
}
