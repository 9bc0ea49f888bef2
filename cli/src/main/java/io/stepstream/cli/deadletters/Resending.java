package io.stepstream.cli.deadletters;

import io.stepstream.cli.dev.Trouble;
import io.stepstream.integrations.ends.EndForwarder;
import io.stepstream.integrations.ends.EndRoutes;
import io.stepstream.schemas.DeadLetters;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.ExecutionStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;

/**
 * Sends the records of dead letters again, each once: a record and the note that it was sent are of one transaction, and whoever begins later fences
 * whoever has begun. What was sent before is known from the notes, which are read only after that.
 */
final class Resending implements AutoCloseable {

    /** What becomes of a letter: where its record was sent, or why it was not. */
    sealed interface Outcome {
        record Sent(String topic) implements Outcome {}

        record Refused(String reason) implements Outcome {}
    }

    private final Installation installation;
    private final LetterLog log;
    private final String principal;
    private final Producer<byte[], byte[]> producer;
    private final Consumer<byte[], byte[]> definitions;

    private Resending(Installation installation, String principal) {
        this.installation = installation;
        this.log = new LetterLog(installation);
        this.principal = principal;
        this.definitions = installation.consumer();
        this.producer = installation.producer();
    }

    /** From now on nobody else sends; what somebody else has begun to send is sent, or never will be. */
    static Resending begin(Installation installation, String principal) {
        var resending = new Resending(installation, principal);
        try {
            resending.producer.initTransactions();
            return resending;
        } catch (RuntimeException e) {
            resending.close();
            throw e;
        }
    }

    /** The letters that are selected, as {@link LetterLog#read} has them, with all that was sent before. */
    List<Letter> letters(Optional<Instant> from, Predicate<Letter> selection) {
        return log.read(from, selection);
    }

    /**
     * Sends a letter's record again.
     *
     * @throws Trouble if somebody else has begun meanwhile, or the cluster does not take it: the record is not sent then
     */
    Outcome send(Letter letter) {
        if (letter.sent().isPresent()) {
            var sent = letter.sent().get();
            return new Outcome.Refused(
                    "it was sent to " + sent.topic() + " by " + sent.principal() + " at " + sent.at());
        }
        var content = content(letter);
        if (content.isEmpty()) {
            return new Outcome.Refused(
                    "its record is no longer in " + letter.record().getTopic()
                            + (letter.record().getKeyId() == null
                                    ? ", and the letter does not hold its value"
                                    : ", and what the letter holds is sealed"));
        }
        return switch (target(letter, content.get())) {
            case Target.Nowhere(var reason) -> new Outcome.Refused(reason);
            case Target.To(var topic, var partition) -> {
                commit(letter, again(letter, content.get(), topic, partition));
                yield new Outcome.Sent(topic);
            }
        };
    }

    // --- what is sent ---

    /** The record where it was, or as the letter has kept it: with its headers either way. */
    private Optional<ConsumerRecord<byte[], byte[]>> content(Letter letter) {
        var about = letter.record();
        return log.record(new TopicPartition(about.getTopic(), about.getPartition()), about.getOffset())
                .filter(letter::isAbout)
                .or(() -> kept(letter));
    }

    private Optional<ConsumerRecord<byte[], byte[]>> kept(Letter letter) {
        if (letter.kept().isEmpty() || letter.record().getKeyId() != null) {
            return Optional.empty();
        }
        return log.record(letter.offset()).flatMap(record -> {
            var value = value(record);
            return value.map(bytes -> new ConsumerRecord<>(
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    record.timestamp(),
                    record.timestampType(),
                    record.serializedKeySize(),
                    bytes.length,
                    record.key(),
                    bytes,
                    record.headers(),
                    record.leaderEpoch()));
        });
    }

    private Optional<byte[]> value(ConsumerRecord<byte[], byte[]> letter) {
        try {
            return Optional.ofNullable(installation
                            .codec()
                            .decode(letter.value(), DeadLetter.class)
                            .getValue())
                    .map(Utils::toArray);
        } catch (Undecodable e) {
            throw new IllegalStateException("a letter that was read before", e);
        }
    }

    private static ProducerRecord<byte[], byte[]> again(
            Letter letter, ConsumerRecord<byte[], byte[]> content, String topic, Optional<Integer> partition) {
        var headers = new RecordHeaders(content.headers()).remove(DeadLetters.RESENT_HEADER);
        headers.add(DeadLetters.RESENT_HEADER, String.valueOf(letter.offset()).getBytes(StandardCharsets.UTF_8));
        // With its old time, retention might take it before anybody reads it.
        return new ProducerRecord<>(topic, partition.orElse(null), content.key(), content.value(), headers);
    }

    // --- where to ---

    private sealed interface Target {
        /** @param partition empty if the key decides */
        record To(String topic, Optional<Integer> partition) implements Target {}

        record Nowhere(String reason) implements Target {}
    }

    private Target target(Letter letter, ConsumerRecord<byte[], byte[]> content) {
        return letter.record().getBy().equals(EndForwarder.BY) ? end(content) : source(letter.record());
    }

    /** Back to where it was. */
    private Target source(DeadLetter about) {
        return installation
                .partitions(about.getTopic())
                .<Target>map(partitions -> {
                    // A record in a partition that is not its key's was given up for that.
                    var isMisplaced = about.getError().startsWith("Misrouted");
                    return new Target.To(
                            about.getTopic(),
                            Optional.of(about.getPartition()).filter(it -> !isMisplaced && it < partitions));
                })
                .orElseGet(() -> new Target.Nowhere("there is no topic " + about.getTopic() + " any more"));
    }

    /** Never back to {@code executions}, where it would hide what has become of the execution since. */
    private Target end(ConsumerRecord<byte[], byte[]> content) {
        try {
            var status = installation.codec().decode(content.value(), ExecutionStatus.class);
            var routes =
                    new EndRoutes(definitions, installation.codec(), installation.admin(), installation.registry());
            routes.catchUp();
            return switch (routes.of(status.getStateMachineArn())) {
                case EndRoutes.Route.To(var topic) -> new Target.To(topic, Optional.empty());
                case EndRoutes.Route.Unasked() ->
                    new Target.Nowhere(status.getStateMachineArn() + " names no topic for ends any more");
                case EndRoutes.Route.Impossible(var reason) -> new Target.Nowhere(reason);
            };
        } catch (Undecodable e) {
            return new Target.Nowhere("it is still no status that can be read: " + e.getMessage());
        }
    }

    // --- once ---

    private void commit(Letter letter, ProducerRecord<byte[], byte[]> record) {
        var note = DeadLetters.resent(
                letter.record(), letter.offset(), record.topic(), principal, Instant.now(), installation.codec());
        try {
            producer.beginTransaction();
            producer.send(record);
            producer.send(note);
            producer.commitTransaction();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new Trouble(
                    "somebody else sends dead letters again since: this stops before letter " + letter.offset()
                            + "; `dead-letters list` tells what was sent",
                    e);
        } catch (KafkaException e) {
            throw new Trouble(
                    "letter " + letter.offset() + " may not be sent (" + e.getMessage()
                            + "): give the command again, what was sent is not sent twice",
                    e);
        }
    }

    /** What is not committed is aborted by the broker, at the latest when somebody begins again. */
    @Override
    public void close() {
        producer.close();
        definitions.close();
    }
}
