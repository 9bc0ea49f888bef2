package io.stepstream.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One delivery of a task request, on a virtual thread of its own: reads it, has the handler do it, answers. */
final class Delivery<I> {

    /** The error of a task whose request was delivered as often as the share group allows, and finished by nobody. */
    static final String UNDELIVERABLE = "Stepstream.Undeliverable";

    /** The error of a task whose request or input cannot be read by this worker. */
    static final String UNREADABLE = "Stepstream.UnreadableRequest";

    private static final Logger log = LoggerFactory.getLogger(Delivery.class);
    private static final Duration REGISTRY_PAUSE = Duration.ofSeconds(1);

    /** How requests of one name are served. */
    record Service<I>(
            Class<I> inputType,
            TaskHandler<? super I> handler,
            ObjectMapper json,
            RecordCodec codec,
            Answers answers,
            ScheduledExecutorService heart,
            int deliveryLimit) {}

    private final Service<I> service;
    private final ConsumerRecord<byte[], byte[]> record;
    private final CompletableFuture<AcknowledgeType> acknowledgement = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean abandoned;

    private Delivery(Service<I> service, ConsumerRecord<byte[], byte[]> record) {
        this.service = service;
        this.record = record;
        this.thread = Thread.ofVirtual()
                .name(record.topic() + "-" + record.partition() + "@" + record.offset())
                .unstarted(this::run);
    }

    static <I> Delivery<I> begin(Service<I> service, ConsumerRecord<byte[], byte[]> record) {
        var delivery = new Delivery<>(service, record);
        delivery.thread.start();
        return delivery;
    }

    /** Done with how the record is to be acknowledged; never fails. */
    CompletableFuture<AcknowledgeType> acknowledgement() {
        return acknowledgement;
    }

    /** Interrupts the handler: its request belongs to somebody else now. What it throws on that account is no failure of the task. */
    void abandon() {
        abandoned = true;
        thread.interrupt();
    }

    private void run() {
        try {
            acknowledgement.complete(serve());
        } catch (Throwable e) {
            // Nobody knows whether the answer was written. Another delivery answers again; the engine takes the first.
            log.warn("Request {} is given back, its answer could not be written", thread.getName(), e);
            acknowledgement.complete(AcknowledgeType.RELEASE);
        }
    }

    private AcknowledgeType serve() throws Exception {
        TaskRequest request;
        try {
            request = read();
        } catch (Undecodable e) {
            service.answers.deadLetter(record, UNREADABLE, e.toString());
            return AcknowledgeType.REJECT;
        }
        Outcome outcome = isLastDelivery() ? undeliverable() : outcomeOf(request);
        return answer(request, outcome);
    }

    private TaskRequest read() throws Undecodable, InterruptedException {
        while (true) {
            try {
                return service.codec.decode(record.value(), TaskRequest.class);
            } catch (RegistryUnavailable e) {
                log.warn("Request {} waits for the schema registry: {}", thread.getName(), e.getMessage());
                Thread.sleep(REGISTRY_PAUSE);
            }
        }
    }

    private boolean isLastDelivery() {
        return deliveries() >= service.deliveryLimit;
    }

    private int deliveries() {
        return record.deliveryCount().orElse((short) 1);
    }

    /** The broker drops a record silently after its last delivery, so the last one is spent on telling the execution. */
    private Outcome undeliverable() {
        return new Outcome.Poisoned(
                UNDELIVERABLE,
                "delivered " + deliveries()
                        + " times and finished by no worker; see the workers' logs for why they stopped");
    }

    private Outcome outcomeOf(TaskRequest request) {
        I input;
        try {
            input = inputOf(request);
        } catch (JsonProcessingException e) {
            return new Outcome.Poisoned(
                    UNREADABLE,
                    "the input does not read as " + service.inputType.getName() + ": " + e.getOriginalMessage());
        } catch (IllegalStateException e) {
            return new Outcome.Poisoned(UNREADABLE, "the input cannot be opened: " + e.getMessage());
        }
        var context = new TaskContext(request);
        Future<?> heartbeats = heartbeatsFor(request);
        try {
            Object output = service.handler.handle(input, context);
            return context.isLeftOpen()
                    ? new Outcome.LeftOpen()
                    : new Outcome.Done(service.json.writeValueAsString(output));
        } catch (PoisonousRequest e) {
            return new Outcome.Poisoned(e.error(), causeOf(e));
        } catch (TaskError e) {
            return new Outcome.Failed(e.error(), causeOf(e));
        } catch (Exception | Error e) {
            // An Error in a handler is the handler's, and so its task's; the worker goes on.
            return abandoned
                    ? new Outcome.Abandoned()
                    : new Outcome.Failed(e.getClass().getName(), causeOf(e));
        } finally {
            heartbeats.cancel(false);
        }
    }

    private I inputOf(TaskRequest request) throws JsonProcessingException {
        return service.json.readValue(Payloads.json(request.getInput()), service.inputType);
    }

    private Future<?> heartbeatsFor(TaskRequest request) {
        Long seconds = request.getHeartbeatSeconds();
        if (seconds == null) {
            return CompletableFuture.completedFuture(null);
        }
        long period = Math.max(1, TimeUnit.SECONDS.toMillis(seconds) / 3);
        return service.heart.scheduleAtFixedRate(
                () -> service.answers.heartbeat(request), period, period, TimeUnit.MILLISECONDS);
    }

    private AcknowledgeType answer(TaskRequest request, Outcome outcome) throws Exception {
        return switch (outcome) {
            case Outcome.Done done -> {
                service.answers.succeed(request, done.output());
                yield AcknowledgeType.ACCEPT;
            }
            case Outcome.LeftOpen() -> AcknowledgeType.ACCEPT;
            case Outcome.Failed failed -> {
                service.answers.fail(request, failed.error(), failed.cause());
                yield AcknowledgeType.ACCEPT;
            }
            case Outcome.Poisoned poisoned -> {
                service.answers.deadLetter(record, poisoned.error(), poisoned.cause());
                service.answers.fail(request, poisoned.error(), poisoned.cause());
                yield AcknowledgeType.REJECT;
            }
            case Outcome.Abandoned() -> AcknowledgeType.RELEASE;
        };
    }

    private static String causeOf(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    /** What became of a request in the handler's hands. */
    private sealed interface Outcome {
        record Done(String output) implements Outcome {}

        record LeftOpen() implements Outcome {}

        record Failed(String error, String cause) implements Outcome {}

        record Poisoned(String error, String cause) implements Outcome {}

        record Abandoned() implements Outcome {}
    }
}
