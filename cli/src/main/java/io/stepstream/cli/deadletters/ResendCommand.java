package io.stepstream.cli.deadletters;

import io.stepstream.cli.Unusable;
import io.stepstream.cli.dev.Trouble;
import io.stepstream.cli.serve.ConfigOption;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stepstream dead-letters resend}. */
@Command(
        name = "resend",
        description = {
            "Sends records of dead letters again, each once: to the topic that they were in; an end that could not be told,"
                    + " to the topic that its state machine names now.",
            "That it was sent is noted among the dead letters, in the same transaction. Every reader of the topic gets the"
                    + " record, with the header stepstream-dead-letter."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all are sent", "1:some are not, and why was said", "2:wrong use"},
        mixinStandardHelpOptions = true)
final class ResendCommand implements Callable<Integer> {
    static final String REDRIVE =
            "its task has failed, and nobody takes another answer: redrive the execution to have it"
                    + " done again (`stepstream executions redrive`), or give --failed-tasks to have the worker's handler run for"
                    + " nothing but what it does outside";

    @Parameters(paramLabel = "LETTER", arity = "0..*", description = "Their numbers, as `list` tells them.")
    private List<Long> offsets = List.of();

    @Mixin
    private SelectionOptions selection = new SelectionOptions();

    @Option(names = "--failed-tasks", description = "Requests to workers too, though their tasks have failed.")
    private boolean failedTasks;

    @Option(
            names = "--as",
            paramLabel = "NAME",
            defaultValue = "${sys:user.name}",
            description = "Who is noted to have sent them (default: ${DEFAULT-VALUE}).")
    private String principal = "";

    @Mixin
    private ConfigOption config = new ConfigOption();

    private final PrintWriter out;

    ResendCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        if (offsets.isEmpty() == selection.isEmpty()) {
            throw new Unusable(
                    "give the numbers of letters, or what they have in common (--topic, --by, --error, --from,"
                            + " --to)");
        }
        var selected = selection.selection();
        Set<Long> named = new LinkedHashSet<>(offsets);
        Predicate<Letter> wanted = named.isEmpty() ? selected : letter -> named.contains(letter.offset());
        try (var installation = Installation.of(config);
                var resending = Resending.begin(installation, principal)) {
            var letters = new ArrayList<>(resending.letters(selection.from(), wanted));
            letters.forEach(letter -> named.remove(letter.offset()));
            if (!selection.isEmpty()) {
                letters.removeIf(letter -> letter.sent().isPresent());
            }
            var left = named.size();
            named.forEach(offset -> out.println("! " + offset + ": there is no such dead letter"));
            for (var letter : letters) {
                left += isSent(letter, resending) ? 0 : 1;
            }
            out.println(letters.size() + named.size() - left + " sent, " + left + " not");
            return left == 0 ? 0 : 1;
        } catch (IllegalArgumentException | KafkaException | RegistryUnavailable e) {
            throw new Trouble("the dead letters cannot be sent again: " + e.getMessage(), e);
        }
    }

    private boolean isSent(Letter letter, Resending resending) {
        if (letter.isOfTask() && !failedTasks && letter.sent().isEmpty()) {
            out.println("! " + letter.offset() + ": " + REDRIVE);
            return false;
        }
        return switch (resending.send(letter)) {
            case Resending.Outcome.Sent(var topic) -> {
                out.println(letter.offset() + ": sent to " + topic);
                yield true;
            }
            case Resending.Outcome.Refused(var reason) -> {
                out.println("! " + letter.offset() + ": " + reason);
                yield false;
            }
        };
    }
}
