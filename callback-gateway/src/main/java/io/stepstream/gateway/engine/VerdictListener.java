package io.stepstream.gateway.engine;

import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Verdict;
import io.stepstream.tracing.TraceHeaders;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads the partition of {@code verdicts} that this instance hashes to, from its end, and passes on what is for this instance. */
final class VerdictListener implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);

    private final RecordCodec codec;
    private final String instance;
    private final BiConsumer<Verdict, TraceHeaders> heard;
    private final TopicReader reader;
    private volatile boolean listening;

    VerdictListener(KafkaClients kafka, RecordCodec codec, String instance, BiConsumer<Verdict, TraceHeaders> heard) {
        this.codec = codec;
        this.instance = instance;
        this.heard = heard;
        this.reader = new TopicReader("gateway-verdicts", () -> kafka.consumer("latest"), this::listen);
        reader.start();
    }

    boolean isListening() {
        return listening;
    }

    private void listen(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            var partitions = KafkaClients.count(consumer.partitionsFor(Topics.VERDICTS), Topics.VERDICTS);
            var partition = new TopicPartition(Topics.VERDICTS, Topics.partitionOf(instance, partitions));
            consumer.assign(List.of(partition));
            consumer.seekToEnd(List.of(partition));
            // Seeking is lazy: only the position asked for is one from which nothing can be missed.
            var unused = consumer.position(partition);
            listening = true;
            while (reader.isOpen()) {
                consumer.poll(POLL)
                        .forEach(message -> reader.decoded(codec, message, Verdict.class)
                                .filter(verdict -> verdict.getInstance().equals(instance))
                                .ifPresent(verdict -> heard.accept(verdict, TraceHeaders.of(message.headers()))));
            }
        } finally {
            listening = false;
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
