package io.stepstream.cli.deadletters;

import io.stepstream.cli.Unusable;
import io.stepstream.cli.dev.Trouble;
import io.stepstream.cli.serve.ConfigOption;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code stepstream dead-letters show}. */
@Command(
        name = "show",
        description = {
            "Shows a dead letter: its record, what was wrong, what it is about, and whether it can be sent again.",
            "Values of the engine's own topics are not shown: task tokens are in them."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:here it is", "1:the cluster could not be read", "2:wrong use, or no such letter"},
        mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
    private static final String OURS = "stepstream.";
    private static final int LONGEST = 2000;
    private static final String LINE = "%-12s %s%n";

    @Parameters(paramLabel = "LETTER", description = "Its number, as `list` tells it.")
    private long offset;

    @Mixin
    private ConfigOption config = new ConfigOption();

    private final PrintWriter out;

    ShowCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        try (var installation = Installation.of(config)) {
            var log = new LetterLog(installation);
            var letter = log.read(Optional.empty(), it -> it.offset() == offset).stream()
                    .findFirst()
                    .orElseThrow(() -> new Unusable("there is no dead letter " + offset));
            print(letter);
            var about = letter.record();
            var record = log.record(new TopicPartition(about.getTopic(), about.getPartition()), about.getOffset())
                    .filter(letter::isAbout);
            out.printf(LINE, "is there", record.isPresent() ? "yes" : "no, " + instead(letter));
            record.ifPresent(it -> printContent(it, installation));
            if (letter.isOfTask()) {
                out.printf(LINE, "what to do", ResendCommand.REDRIVE);
            }
            return 0;
        } catch (IllegalArgumentException | KafkaException | RegistryUnavailable e) {
            throw new Trouble("the dead letter cannot be read: " + e.getMessage(), e);
        }
    }

    private void print(Letter letter) {
        var about = letter.record();
        out.printf(LINE, "letter", letter.offset());
        out.printf(LINE, "record", letter.place());
        out.printf(LINE, "key", letter.key());
        out.printf(LINE, "given up", about.getAt() + " by " + about.getBy());
        out.printf(LINE, "error", about.getError());
        out.printf(LINE, "reason", about.getKeyId() == null ? about.getReason() : "sealed");
        out.printf(
                LINE,
                "sent again",
                letter.sent()
                        .map(sent -> sent.at() + " to " + sent.topic() + " by " + sent.principal())
                        .orElse("no"));
    }

    private static String instead(Letter letter) {
        if (letter.kept().isEmpty()) {
            return "and its value is not kept here";
        }
        return letter.kept().get() + " bytes of its value are kept here"
                + (letter.record().getKeyId() == null ? "" : ", sealed");
    }

    private void printContent(ConsumerRecord<byte[], byte[]> record, Installation installation) {
        if (record.value() == null) {
            out.printf(LINE, "value", "none");
        } else if (record.topic().startsWith(Topics.TASK_REQUESTS_PREFIX)) {
            decoded(record.value(), TaskRequest.class, installation)
                    .ifPresent(it -> out.printf(
                            LINE,
                            "task",
                            it.getName() + ", asked for by state " + it.getState() + " of " + it.getExecutionArn()));
        } else if (record.topic().equals(Topics.EXECUTIONS)) {
            decoded(record.value(), ExecutionStatus.class, installation)
                    .ifPresent(it -> out.printf(LINE, "execution", it.getExecutionArn() + " " + it.getStatus()));
        } else if (record.topic().startsWith(OURS)) {
            out.printf(LINE, "value", record.value().length + " bytes");
        } else {
            out.printf(LINE, "value", text(record.value()));
        }
    }

    private static <T extends SpecificRecord> Optional<T> decoded(
            byte[] value, Class<T> type, Installation installation) {
        try {
            return Optional.of(installation.codec().decode(value, type));
        } catch (Undecodable e) {
            return Optional.empty();
        }
    }

    private static String text(byte[] value) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
            return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " …";
        } catch (CharacterCodingException e) {
            return value.length + " bytes that are no text";
        }
    }
}
