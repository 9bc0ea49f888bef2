package io.stepstream.cli.audit;

import io.stepstream.audit.checkpoint.Checkpointer;
import io.stepstream.audit.checkpoint.SigningKeys;
import io.stepstream.audit.checkpoint.Statement;
import io.stepstream.audit.checkpoint.UntrustedCheckpoints;
import io.stepstream.audit.log.UnreadableLog;
import io.stepstream.cli.Interrupt;
import io.stepstream.cli.Unusable;
import io.stepstream.cli.dev.Trouble;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stepstream audit checkpoint}: signs what the history is now. */
@Command(
        name = "checkpoint",
        description = "Signs, for each partition of the history, how far it goes and the digest of what is in it.",
        mixinStandardHelpOptions = true)
final class CheckpointCommand implements Callable<Integer> {
    @Mixin
    private final LogOptions options = new LogOptions();

    @Option(
            names = "--signing-key",
            required = true,
            paramLabel = "FILE",
            description = "The private key, of 'audit keygen'.")
    private Path signingKey = Path.of("audit.key");

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            description = "Go on, with a checkpoint of what has grown so often, until Ctrl-C (default: once).")
    private @Nullable Integer every;

    private final PrintWriter out;

    CheckpointCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        var registry = options.registry()
                .orElseThrow(
                        () -> new Unusable(
                                "checkpoints are appended to a topic: give a running cluster by --bootstrap-servers and --registry"));
        if (every != null && every < 1) {
            throw new Unusable("--every " + every + ": give a number of seconds, 1 or more");
        }
        try (var log = options.open();
                var interrupt = new Interrupt();
                var producer = producer()) {
            var codec = new RecordCodec(new HttpSchemaRegistry(registry));
            var checkpointer = new Checkpointer(
                    log,
                    SigningKeys.signer(signingKey),
                    SigningKeys.verifier(signingKey),
                    InstantSource.system(),
                    (key, checkpoint) -> publish(producer, key, Checkpointer.encode(codec, checkpoint)));
            do {
                checkpointer.run().forEach(this::tell);
            } while (every != null && !interrupt.isAskedWithin(Duration.ofSeconds(every)));
            return 0;
        } catch (IOException e) {
            throw new Unusable("--signing-key: " + e.getMessage());
        } catch (UnreadableLog e) {
            throw new Unusable(String.valueOf(e.getMessage()));
        } catch (UntrustedCheckpoints | IllegalStateException e) {
            throw new Trouble(String.valueOf(e.getMessage()), e);
        }
    }

    private void tell(Statement statement) {
        out.printf(
                "checkpoint %d of partition %d: %d records before offset %d, digest %s%n",
                statement.sequence(),
                statement.partition(),
                statement.records(),
                statement.offset(),
                statement.digest());
    }

    private Producer<byte[], byte[]> producer() {
        var settings = options.clients();
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** On return the checkpoint is stored. */
    private static void publish(Producer<byte[], byte[]> producer, byte[] key, byte[] checkpoint) {
        try {
            producer.send(new ProducerRecord<>(Topics.AUDIT_CHECKPOINTS, key, checkpoint))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a checkpoint was sent", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the checkpoint cannot be stored: " + e.getCause(), e);
        }
    }
}
