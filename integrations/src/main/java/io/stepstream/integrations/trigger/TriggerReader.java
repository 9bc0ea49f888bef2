package io.stepstream.integrations.trigger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.Document;
import io.stepstream.integrations.trigger.ExecutionStarter.Started;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.DeadLetters;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.registry.RegistryUnavailable;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what a trigger does for one record. */
final class TriggerReader {

    private static final Logger LOG = LoggerFactory.getLogger(TriggerReader.class);

    private final Trigger trigger;
    private final SchemaRegistry registry;
    private final ExecutionStarter starter;
    private final Producer<byte[], byte[]> producer;
    private final RecordCodec codec;

    TriggerReader(
            Trigger trigger, SchemaRegistry registry, ExecutionStarter starter, Producer<byte[], byte[]> producer) {
        this.trigger = trigger;
        this.registry = registry;
        this.starter = starter;
        this.producer = producer;
        this.codec = new RecordCodec(registry);
    }

    /** Whether this record needs no more looking at; else it must be read again later. */
    boolean isDone(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        try {
            return isDone(record, trigger.mapping().map(document(record), Instant.ofEpochMilli(record.timestamp())));
        } catch (Undecodable e) {
            return isGivenUp(record, "Stepstream.UnreadableRecord", String.valueOf(e.getMessage()));
        } catch (RegistryUnavailable e) {
            LOG.warn("Trigger {} waits at {}: {}", trigger.name(), place(record), e.getMessage());
            return false;
        }
    }

    private boolean isDone(ConsumerRecord<byte[], byte[]> record, Mapping.Mapped mapped) throws InterruptedException {
        return switch (mapped) {
            case Mapping.Mapped.Skip() -> true;
            case Mapping.Mapped.Impossible(var error, var cause) -> isGivenUp(record, error, cause);
            case Mapping.Mapped.Start(var input, var key) ->
                switch (starter.start(trigger.stateMachine(), executionName(record, key), input, trace(record))) {
                    case Started.Yes() -> true;
                    case Started.Never(var error, var reason) -> isGivenUp(record, error, reason);
                    case Started.NotNow(var reason) -> {
                        LOG.warn("Trigger {} waits at {}: {}", trigger.name(), place(record), reason);
                        yield false;
                    }
                };
        };
    }

    private Document document(ConsumerRecord<byte[], byte[]> record) throws Undecodable {
        var document = JsonNodeFactory.instance
                .objectNode()
                .put("topic", record.topic())
                .put("partition", record.partition())
                .put("offset", record.offset())
                .put("timestamp", Instant.ofEpochMilli(record.timestamp()).toString())
                .put("key", record.key() == null ? null : text(record.key()));
        var headers = document.putObject("headers");
        for (Header header : record.headers()) {
            headers.put(header.key(), text(header.value()));
        }
        document.set("value", trigger.format().read(record.value(), registry));
        return Document.of(document);
    }

    /**
     * The execution's name is made from the record's place, or its key: a record that is read again finds the execution that it has
     * started. What does not fit a name is named by its hash.
     */
    String executionName(ConsumerRecord<?, ?> record, Optional<String> key) {
        var readable = trigger.name() + "-" + key.orElseGet(() -> place(record));
        return Arns.isName(readable) ? readable : trigger.name() + "-" + hash(readable);
    }

    private static String place(ConsumerRecord<?, ?> record) {
        return record.topic() + "-" + record.partition() + "-" + record.offset();
    }

    private static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Map<String, String> trace(ConsumerRecord<?, ?> record) {
        Map<String, String> trace = new HashMap<>();
        for (String name : new String[] {"traceparent", "tracestate"}) {
            Header header = record.headers().lastHeader(name);
            if (header != null && text(header.value()).matches("[\\x21-\\x7e ]+")) {
                trace.put(name, text(header.value()));
            }
        }
        return trace;
    }

    private boolean isGivenUp(ConsumerRecord<byte[], byte[]> record, String error, String reason)
            throws InterruptedException {
        LOG.warn("Trigger {} gives {} up: {}; its dead letter says why", trigger.name(), place(record), error);
        try {
            producer.send(DeadLetters.of(record, "trigger " + trigger.name(), error, reason, codec))
                    .get();
            return true;
        } catch (ExecutionException | RegistryUnavailable e) {
            LOG.warn("Trigger {} waits at {}: its dead letter cannot be written", trigger.name(), place(record), e);
            return false;
        }
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
