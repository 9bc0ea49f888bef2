package io.stepstream.integrations.items;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stepstream.integrations.items.reader.ItemReader;
import io.stepstream.integrations.items.store.Buckets;
import io.stepstream.integrations.items.writer.ResultWriter;
import io.stepstream.schemas.Topics;
import io.stepstream.worker.Worker;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartitionInfo;

/** The item reader and the result writer at work. */
public final class ItemWorkers implements AutoCloseable {

    private static final long TOPICS_WITHIN_SECONDS = 30;

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
        register(settings);
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

    /** As many partitions and copies as the engine's own topics have. */
    private static void register(ItemSettings settings) {
        var kafka = new HashMap<String, Object>(settings.kafka());
        kafka.put("bootstrap.servers", settings.bootstrapServers());
        try (Admin admin = Admin.create(kafka)) {
            List<TopicPartitionInfo> model = admin.describeTopics(Set.of(Topics.COMMANDS))
                    .allTopicNames()
                    .get(TOPICS_WITHIN_SECONDS, TimeUnit.SECONDS)
                    .values()
                    .iterator()
                    .next()
                    .partitions();
            var replication = (short) model.getFirst().replicas().size();
            for (String name : List.of(ItemReader.TASK_NAME, ResultWriter.TASK_NAME)) {
                Topics.createTask(admin, name, model.size(), replication);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "the topics of the item workers cannot be made at " + settings.bootstrapServers() + " (" + e
                            + "); start Kafka and create Stepstream's topics first",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while making the topics of the item workers", e);
        }
    }
}
