package io.stepstream.worker;

import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskHeartbeat;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker writes: results and heartbeats, to the partition that the request names, and dead letters. */
final class Answers {

    private static final Logger log = LoggerFactory.getLogger(Answers.class);

    /** AWS's bound on {@code cause} in SendTaskFailure, in characters. */
    private static final int LONGEST_CAUSE = 32_768;

    /** AWS's bound on {@code error} in SendTaskFailure, in characters. */
    private static final int LONGEST_ERROR = 256;

    private final Producer<byte[], byte[]> producer;
    private final RecordCodec codec;
    private final String workerName;

    Answers(Producer<byte[], byte[]> producer, RecordCodec codec, String workerName) {
        this.producer = producer;
        this.codec = codec;
        this.workerName = workerName;
    }

    /** Returns once the broker has the output; throws if it cannot be known that it has. */
    void succeed(TaskRequest request, String outputJson) throws Exception {
        send(request, new TaskSucceeded(Payloads.of(outputJson)));
    }

    /** Returns once the broker has the failure; throws if it cannot be known that it has. */
    void fail(TaskRequest request, String error, @Nullable String cause) throws Exception {
        log.info("Task {} of {} fails: {}: {}", request.getName(), request.getExecutionArn(), error, cause);
        send(
                request,
                new TaskFailed(bounded(error, LONGEST_ERROR), cause == null ? null : bounded(cause, LONGEST_CAUSE)));
    }

    /** Sends a sign of life and does not wait for it: the next one comes anyway. */
    void heartbeat(TaskRequest request) {
        try {
            producer.send(result(request, new TaskHeartbeat()), (metadata, failure) -> {
                if (failure != null) {
                    log.warn(
                            "No heartbeat could be sent for task {} of {}",
                            request.getName(),
                            request.getExecutionArn(),
                            failure);
                }
            });
        } catch (Exception e) {
            log.warn("No heartbeat could be sent for task {} of {}", request.getName(), request.getExecutionArn(), e);
        }
    }

    /** Keeps a request that cannot be served, as it came. */
    void deadLetter(ConsumerRecord<byte[], byte[]> record, String error, String reason) throws Exception {
        log.warn(
                "Request {}-{}@{} goes to dead-letters: {}: {}",
                record.topic(),
                record.partition(),
                record.offset(),
                error,
                reason);
        var sealed = record.headers().lastHeader(Topics.SEALED_HEADER) != null;
        var letter = new DeadLetter(
                record.topic(),
                record.partition(),
                record.offset(),
                buffer(record.key()),
                sealed ? null : buffer(record.value()),
                workerName,
                error,
                sealed
                        ? "a request of a sealed execution: neither it nor what is wrong is kept here"
                        : bounded(reason, LONGEST_CAUSE),
                Instant.now(),
                null);
        confirmed(new ProducerRecord<>(Topics.DEAD_LETTERS, record.key(), codec.encode(Topics.DEAD_LETTERS, letter)));
    }

    private void send(TaskRequest request, SpecificRecord body) throws Exception {
        confirmed(result(request, body));
    }

    private ProducerRecord<byte[], byte[]> result(TaskRequest request, SpecificRecord body) throws Exception {
        var caller =
                Caller.newBuilder().setPrincipal(workerName).setChannel("kafka").build();
        var result = TaskResult.newBuilder()
                .setCaller(caller)
                .setToken(request.getToken())
                .setBody(body)
                .build();
        byte[] key = request.getExecutionId().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(
                Topics.TASK_RESULTS, request.getResultPartition(), key, codec.encode(Topics.TASK_RESULTS, result));
    }

    private void confirmed(ProducerRecord<byte[], byte[]> record) throws ExecutionException, InterruptedException {
        producer.send(record).get();
    }

    private static @Nullable ByteBuffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static String bounded(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
    }
}
