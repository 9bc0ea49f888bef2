package io.stepstream.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One delivery of a task request, on a virtual thread of its own: reads it, has the handler do it, answers. */
final class Delivery {

    /** The error of a task whose request was delivered as often as the share group allows, and finished by nobody. */
    static final String UNDELIVERABLE = "Stepstream.Undeliverable";

    /** The error of a task whose request or input cannot be read by this worker. */
    static final String UNREADABLE = "Stepstream.UnreadableRequest";

    /** The error of a task whose output no record can hold. */
    static final String TOO_LARGE = "States.DataLimitExceeded";

    private static final Logger log = LoggerFactory.getLogger(Delivery.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Service service;
    private final ConsumerRecord<byte[], byte[]> record;
    private final int deliveries;
    private final CompletableFuture<AcknowledgeType> acknowledgement = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean abandoned;

    private Delivery(Service service, ConsumerRecord<byte[], byte[]> record, int deliveries) {
        this.service = service;
        this.record = record;
        this.deliveries = deliveries;
        this.thread = Thread.ofVirtual()
                .name(record.topic() + "-" + record.partition() + "@" + record.offset())
                .unstarted(this::run);
    }

    /** @param deliveries how often the record was delivered, this time included */
    static Delivery begin(Service service, ConsumerRecord<byte[], byte[]> record, int deliveries) {
        var delivery = new Delivery(service, record, deliveries);
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
            return unreadable(e);
        }
        Map<String, String> trace = traceContext();
        if (deliveries >= service.deliveryLimit()) {
            return answer(Answers.Address.of(request, trace), undeliverable());
        }
        Object input;
        try {
            input = service.json().readValue(Payloads.json(request.getInput()), service.inputType());
        } catch (JsonProcessingException e) {
            var cause =
                    "the input does not read as " + service.inputType().toCanonical() + ": " + e.getOriginalMessage();
            return answer(Answers.Address.of(request, trace), new TaskOutcome.DeadLettered(UNREADABLE, cause));
        } catch (IllegalStateException e) {
            var cause = "the input cannot be opened: " + e.getMessage();
            return answer(Answers.Address.of(request, trace), new TaskOutcome.DeadLettered(UNREADABLE, cause));
        }
        return handle(request, input, new TaskContext(request, trace));
    }

    private TaskRequest read() throws Undecodable, InterruptedException {
        while (true) {
            try {
                return service.codec().decode(record.value(), TaskRequest.class);
            } catch (RegistryUnavailable e) {
                log.warn("Request {} waits for the schema registry: {}", thread.getName(), e.getMessage());
                Thread.sleep(PAUSE);
            }
        }
    }

    /** The record cannot be read; its header still names the task. */
    private AcknowledgeType unreadable(Undecodable why) throws Exception {
        persist(() -> service.answers().deadLetter(record, UNREADABLE, Bounds.cause(why.toString())));
        Header token = record.headers().lastHeader(Topics.TOKEN_HEADER);
        if (token != null && record.key() != null) {
            var address = new Answers.Address(
                    text(token.value()), text(record.key()), thread.getName(), OptionalInt.empty(), traceContext());
            var cause = Bounds.cause("the request cannot be read: " + why.getMessage());
            persist(() -> service.answers().fail(address, UNREADABLE, cause));
        }
        return AcknowledgeType.REJECT;
    }

    /** The broker drops a record silently after its last delivery, so the last one is spent on telling the execution. */
    private TaskOutcome undeliverable() {
        return new TaskOutcome.DeadLettered(
                UNDELIVERABLE,
                "delivered " + deliveries
                        + " times and finished by no worker; see the workers' logs for why they stopped");
    }

    private AcknowledgeType handle(TaskRequest request, Object input, TaskContext context) throws Exception {
        Heart.Beating heartbeats = heartbeats(request, context);
        TaskObserver.Watch watch = service.observers().taken(context);
        Answers.Address address = Answers.Address.of(request, watch.traceContext());
        TaskOutcome outcome;
        try {
            outcome = outcomeOf(input, context);
        } finally {
            heartbeats.stop();
        }
        watch.ended(outcome);
        return answer(address, outcome);
    }

    private TaskOutcome outcomeOf(Object input, TaskContext context) {
        try {
            Object output = service.handler().handle(input, context);
            return context.isLeftOpen()
                    ? new TaskOutcome.LeftOpen()
                    : new TaskOutcome.Succeeded(service.json().writeValueAsString(output));
        } catch (PoisonousRequest e) {
            return new TaskOutcome.DeadLettered(e.error(), causeOf(e));
        } catch (TaskError e) {
            return new TaskOutcome.Failed(e.error(), causeOf(e));
        } catch (Exception | Error e) {
            // An Error in a handler is the handler's, and so its task's; the worker goes on.
            return abandoned
                    ? new TaskOutcome.GivenBack()
                    : new TaskOutcome.Failed(e.getClass().getName(), causeOf(e));
        }
    }

    private Heart.Beating heartbeats(TaskRequest request, TaskContext context) {
        Long seconds = request.getHeartbeatSeconds();
        if (seconds == null) {
            return () -> {};
        }
        Answers.Address address = Answers.Address.of(request, context.traceContext());
        return service.heart()
                .every(
                        Duration.ofSeconds(Math.max(1, seconds)).dividedBy(3),
                        () -> service.answers().heartbeat(address));
    }

    private AcknowledgeType answer(Answers.Address address, TaskOutcome outcome) throws Exception {
        return switch (outcome) {
            case TaskOutcome.Succeeded(var output) -> {
                try {
                    persist(() -> service.answers().succeed(address, output));
                } catch (Exception e) {
                    if (!(reason(e) instanceof RecordTooLargeException)) {
                        throw e;
                    }
                    var cause = "the output has " + output.length() + " characters, more than a record holds";
                    persist(() -> service.answers().fail(address, TOO_LARGE, cause));
                }
                yield AcknowledgeType.ACCEPT;
            }
            case TaskOutcome.LeftOpen() -> AcknowledgeType.ACCEPT;
            case TaskOutcome.Failed(var error, var cause) -> {
                persist(() -> service.answers().fail(address, error, cause));
                yield AcknowledgeType.ACCEPT;
            }
            case TaskOutcome.DeadLettered(var error, var cause) -> {
                persist(() -> service.answers().deadLetter(record, error, cause));
                persist(() -> service.answers().fail(address, error, cause));
                yield AcknowledgeType.REJECT;
            }
            case TaskOutcome.GivenBack() -> AcknowledgeType.RELEASE;
        };
    }

    private interface Writing {
        void write() throws Exception;
    }

    /**
     * Writes one record, as often as it takes: brokers and registries come back, and a request that is given back meanwhile has a delivery
     * less for nothing. Ends when it is written, or the request is no longer ours.
     */
    private void persist(Writing writing) throws Exception {
        while (true) {
            try {
                writing.write();
                return;
            } catch (Exception e) {
                Throwable why = reason(e);
                if (!(why instanceof RetriableException || why instanceof RegistryUnavailable)) {
                    throw e;
                }
                log.warn("The answer to request {} is not written yet: {}", thread.getName(), why.toString());
                Thread.sleep(PAUSE);
            }
        }
    }

    private static Throwable reason(Exception e) {
        return e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
    }

    private Map<String, String> traceContext() {
        Map<String, String> trace = new HashMap<>();
        for (String name : TaskContext.TRACE_HEADERS) {
            Header header = record.headers().lastHeader(name);
            if (header != null && header.value() != null) {
                trace.put(name, text(header.value()));
            }
        }
        return Map.copyOf(trace);
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static String causeOf(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}
