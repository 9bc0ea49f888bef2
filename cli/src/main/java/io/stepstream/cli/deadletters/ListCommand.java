package io.stepstream.cli.deadletters;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.cli.Unusable;
import io.stepstream.cli.dev.Trouble;
import io.stepstream.cli.serve.ConfigOption;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stepstream dead-letters list}. */
@Command(
        name = "list",
        description =
                "Lists dead letters, oldest first: which record, who gave it up, why, and whether it was sent again.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:here they are", "1:the cluster could not be read", "2:wrong use"},
        mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROW = "%8s  %-24s  %-20s  %-34s  %-40s  %s";

    @Mixin
    private SelectionOptions selection = new SelectionOptions();

    @Option(names = "--unsent", description = "Those only whose records were not sent again.")
    private boolean unsent;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The newest so many (default: ${DEFAULT-VALUE}; at most " + LetterLog.MOST + ").")
    private int limit = 100;

    @Option(names = "--json", description = "Print a JSON object a line.")
    private boolean json;

    @Mixin
    private ConfigOption config = new ConfigOption();

    private final PrintWriter out;

    ListCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > LetterLog.MOST) {
            throw new Unusable("--limit " + limit + " is not between 1 and " + LetterLog.MOST);
        }
        var selected = selection.selection();
        try (var installation = Installation.of(config)) {
            var letters = new LetterLog(installation)
                    .read(selection.from(), selected).stream()
                            .filter(letter -> !unsent || letter.sent().isEmpty())
                            .toList();
            print(letters.subList(Math.max(0, letters.size() - limit), letters.size()));
            return 0;
        } catch (IllegalArgumentException | KafkaException | RegistryUnavailable e) {
            throw new Trouble("the dead letters cannot be read: " + e.getMessage(), e);
        }
    }

    private void print(List<Letter> letters) {
        if (json) {
            letters.forEach(letter -> out.println(json(letter)));
            return;
        }
        out.println(ROW.formatted("letter", "given up", "by", "error", "record", "sent again"));
        letters.forEach(letter -> out.println(ROW.formatted(
                        letter.offset(),
                        letter.record().getAt(),
                        letter.record().getBy(),
                        letter.record().getError(),
                        letter.place(),
                        letter.sent()
                                .map(sent -> sent.at() + " by " + sent.principal())
                                .orElse(""))
                .stripTrailing()));
    }

    private static String json(Letter letter) {
        var object = JSON.createObjectNode()
                .put("letter", letter.offset())
                .put("at", letter.record().getAt().toString())
                .put("by", letter.record().getBy())
                .put("error", letter.record().getError())
                .put("topic", letter.record().getTopic())
                .put("partition", letter.record().getPartition())
                .put("offset", letter.record().getOffset())
                .put("key", letter.key())
                .put(
                        "reason",
                        letter.record().getKeyId() == null ? letter.record().getReason() : "***");
        letter.sent()
                .ifPresent(sent -> object.putObject("sent")
                        .put("at", sent.at().toString())
                        .put("topic", sent.topic())
                        .put("principal", sent.principal()));
        return object.toString();
    }
}
