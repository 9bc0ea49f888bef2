package io.stepstream.gateway.engine;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.ReplyTo;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.Verdict;
import io.stepstream.schemas.registry.RegistryUnavailable;
import io.stepstream.tracing.TraceHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the engine something and waits for its verdict. The answer always comes through Kafka, after the engine's commit; nothing
 * is answered from what this process happens to know.
 */
public final class CommandGate implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CommandGate.class);

    /** Calls waiting at once; more are turned away rather than queued where nobody sees them. */
    private static final int WAITING_CALLS = 10_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final RecordCodec codec;
    private final String instance;
    private final Duration patience;
    private final VerdictListener listener;
    private final Semaphore places = new Semaphore(WAITING_CALLS);

    /** Tells this process's calls from those of one that was there before under the same instance id. */
    private final String run = UUID.randomUUID().toString().substring(0, 8);

    private final AtomicLong calls = new AtomicLong();
    private final Map<String, CompletableFuture<Heard>> waiting = new ConcurrentHashMap<>();

    /** A verdict, and the trace of the execution or the resource that it is about. */
    private record Heard(Verdict verdict, TraceHeaders trace) {}

    /** @param patience how long to wait for a verdict */
    public CommandGate(KafkaClients kafka, RecordCodec codec, String instance, Duration patience) {
        this.producer = kafka.producer();
        this.codec = codec;
        this.instance = instance;
        this.patience = patience;
        this.listener = new VerdictListener(kafka, codec, instance, this::answer);
    }

    /** Whether verdicts can be heard. */
    public boolean isReady() {
        return listener.isListening();
    }

    /**
     * Sends a command.
     *
     * @param key the executionId, or the resource's ARN
     * @param body one of the bodies that a {@link Command} can have
     */
    Verdict command(Sender sender, String key, Object body) throws ApiException {
        return ask(Topics.COMMANDS, key, sender, caller -> new Command(caller, body));
    }

    /**
     * Sends what became of a task.
     *
     * @param executionId the one that the token names, since that is where the task waits
     * @param token the token's or the link's text
     * @param body one of the bodies that a {@link TaskResult} can have
     */
    Verdict taskResult(Sender sender, String executionId, String token, Object body) throws ApiException {
        return ask(Topics.TASK_RESULTS, executionId, sender, caller -> new TaskResult(caller, token, false, body));
    }

    private Verdict ask(String topic, String key, Sender sender, Function<Caller, SpecificRecord> record)
            throws ApiException {
        if (!isReady()) {
            throw unavailable("The gateway cannot hear the engine's verdicts now");
        }
        if (!places.tryAcquire()) {
            throw unavailable("Too many calls are waiting");
        }
        var correlation = run + '-' + calls.incrementAndGet();
        var verdict = new CompletableFuture<Heard>();
        waiting.put(correlation, verdict);
        try {
            send(topic, key, record.apply(sender.toCaller(new ReplyTo(instance, correlation))), verdict);
            var heard = verdict.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            link(heard.trace().span());
            return heard.verdict();
        } catch (TimeoutException e) {
            throw new ApiException(
                    ApiError.OUTCOME_UNKNOWN,
                    "Unknown: the engine has not answered within %d s. Retry with the same key: what has been done is not done again"
                            .formatted(patience.toSeconds()));
        } catch (ExecutionException | KafkaException e) {
            LOG.warn("A record for {} could not be sent: {}", topic, e.getMessage());
            throw unavailable("Kafka could not be reached");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("The gateway is stopping");
        } finally {
            waiting.remove(correlation);
            places.release();
        }
    }

    /** An answer whose sender knows nothing of the execution's trace begins one of its own: this is how they are found together. */
    private static void link(SpanContext execution) {
        var own = Span.current();
        if (execution.isValid()
                && !execution.getTraceId().equals(own.getSpanContext().getTraceId())) {
            own.addLink(execution);
        }
    }

    private void send(String topic, String key, SpecificRecord record, CompletableFuture<Heard> verdict)
            throws ApiException {
        byte[] value;
        try {
            value = codec.encode(topic, record);
        } catch (RegistryUnavailable e) {
            LOG.warn("The schema registry could not be reached: {}", e.getMessage());
            throw unavailable("The schema registry could not be reached");
        }
        var partition = Topics.partitionOf(key, KafkaClients.count(producer.partitionsFor(topic), topic));
        var message = new ProducerRecord<>(topic, partition, key.getBytes(StandardCharsets.UTF_8), value);
        TraceHeaders.of(Span.current().getSpanContext()).addTo(message.headers());
        var unused = producer.send(message, (metadata, failure) -> {
            if (failure != null) {
                verdict.completeExceptionally(failure);
            }
        });
    }

    private void answer(Verdict verdict, TraceHeaders trace) {
        var call = waiting.get(verdict.getCorrelation());
        if (call != null) {
            call.complete(new Heard(verdict, trace));
        }
    }

    private static ApiException unavailable(String what) {
        return new ApiException(ApiError.UNAVAILABLE, what + ". Retry with the same key");
    }

    /** Lets waiting calls go with "unavailable", and stops. */
    @Override
    public void close() {
        listener.close();
        waiting.values().forEach(call -> call.completeExceptionally(new KafkaException("the gateway is stopping")));
        producer.close(Duration.ofSeconds(2));
    }
}
