package io.stepstream.worker;

import io.stepstream.schemas.DeadLetters;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskHeartbeat;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers by records: results and heartbeats, to the partition that the request names, and dead letters. */
final class KafkaAnswers implements Answers {

    private static final Logger log = LoggerFactory.getLogger(KafkaAnswers.class);
    private static final String SEALED = "a request of a sealed execution: neither it nor what is wrong is kept here";

    private final Producer<byte[], byte[]> producer;
    private final RecordCodec codec;
    private final String workerName;

    KafkaAnswers(Producer<byte[], byte[]> producer, RecordCodec codec, String workerName) {
        this.producer = producer;
        this.codec = codec;
        this.workerName = workerName;
    }

    @Override
    public void succeed(Address to, String outputJson) throws Exception {
        confirmed(result(to, new TaskSucceeded(Payloads.of(outputJson))));
    }

    @Override
    public void fail(Address to, String error, String cause) throws Exception {
        // The cause is a handler's words, which may be of its input: it is in the history, for those who may read that.
        log.info("Task {} fails: {}", to, error);
        confirmed(result(to, new TaskFailed(error, cause)));
    }

    @Override
    public void heartbeat(Address to) {
        try {
            producer.send(result(to, new TaskHeartbeat()), (metadata, failure) -> {
                if (failure != null) {
                    log.warn("No heartbeat could be sent for task {}", to, failure);
                }
            });
        } catch (RuntimeException e) {
            log.warn("No heartbeat could be sent for task {}", to, e);
        }
    }

    @Override
    public void deadLetter(ConsumerRecord<byte[], byte[]> record, String error, String reason) throws Exception {
        log.warn(
                "Request {}-{}@{} goes to dead-letters, which say why: {}",
                record.topic(),
                record.partition(),
                record.offset(),
                error);
        confirmed(
                record.headers().lastHeader(Topics.SEALED_HEADER) == null
                        ? DeadLetters.of(record, workerName, error, reason, codec)
                        : DeadLetters.withoutValue(record, workerName, error, SEALED, codec));
    }

    private ProducerRecord<byte[], byte[]> result(Address to, SpecificRecord body) {
        var caller =
                Caller.newBuilder().setPrincipal(workerName).setChannel("kafka").build();
        var result = TaskResult.newBuilder()
                .setCaller(caller)
                .setToken(to.token())
                .setBody(body)
                .build();
        var record = new ProducerRecord<>(
                Topics.TASK_RESULTS,
                to.partition().isPresent() ? Integer.valueOf(to.partition().getAsInt()) : null,
                to.executionId().getBytes(StandardCharsets.UTF_8),
                codec.encode(Topics.TASK_RESULTS, result));
        to.trace().forEach((header, value) -> record.headers().add(header, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    private void confirmed(ProducerRecord<byte[], byte[]> record) throws ExecutionException, InterruptedException {
        producer.send(record).get();
    }
}
