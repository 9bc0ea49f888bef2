package io.stepstream.integrations.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.PoisonousRequest;
import io.stepstream.worker.TaskContext;
import io.stepstream.worker.TaskError;
import io.stepstream.worker.TaskHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Writes a state machine's messages into one topic, and answers with the receipt that AWS's service gives. Ids are made from the request's
 * idempotency key: who gets a message twice, after a redelivery, sees so.
 */
final class Publisher implements TaskHandler<JsonNode> {

    static final String ID_HEADER = "MessageId";
    static final String FAILED = "Stepstream.PublishFailed";
    static final String UNREADABLE = "Stepstream.UnreadableMessage";

    private final Producer<byte[], byte[]> producer;
    private final String topic;

    Publisher(Producer<byte[], byte[]> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    @Override
    public JsonNode handle(JsonNode parameters, TaskContext task) throws TaskError, InterruptedException {
        Messages messages;
        try {
            messages = Messages.of(parameters);
        } catch (IllegalArgumentException e) {
            throw new PoisonousRequest(UNREADABLE, String.valueOf(e.getMessage()), e);
        }
        var ids = new ArrayList<String>();
        for (var message : messages.messages()) {
            var id = id(task.idempotencyKey() + "/" + ids.size());
            send(message, id, task);
            ids.add(id);
        }
        return receipt(messages, ids);
    }

    private void send(Messages.Message message, String id, TaskContext task) throws TaskError, InterruptedException {
        var record = new ProducerRecord<>(
                topic,
                message.key().orElse(task.executionArn()).getBytes(StandardCharsets.UTF_8),
                message.value().getBytes(StandardCharsets.UTF_8));
        message.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        record.headers().add(ID_HEADER, id.getBytes(StandardCharsets.UTF_8));
        task.traceContext()
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try {
            producer.send(record).get();
        } catch (ExecutionException | KafkaException e) {
            throw new TaskError(FAILED, "topic " + topic + " does not take the message: " + e, e);
        }
    }

    private static ObjectNode receipt(Messages messages, List<String> ids) {
        var receipt = JsonNodeFactory.instance.objectNode();
        switch (messages) {
            case Messages.ToQueue(var message) ->
                receipt.put("MD5OfMessageBody", md5(message.value())).put("MessageId", ids.getFirst());
            case Messages.ToTopic _ -> receipt.put("MessageId", ids.getFirst());
            case Messages.ToBus _ -> {
                var entries = receipt.putArray("Entries");
                ids.forEach(id -> entries.addObject().put("EventId", id));
                receipt.put("FailedEntryCount", 0);
            }
        }
        return receipt;
    }

    private static String id(String key) {
        return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** What SQS's clients compare; it guards nothing. */
    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
