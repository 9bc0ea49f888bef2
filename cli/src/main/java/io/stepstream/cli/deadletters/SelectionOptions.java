package io.stepstream.cli.deadletters;

import io.stepstream.cli.Times;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which dead letters are meant; all of what is given must hold. */
final class SelectionOptions {
    @Option(names = "--topic", paramLabel = "NAME", description = "Records of this topic.")
    private @Nullable String topic;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Given up by: engine, ends, \"trigger NAME\", or a worker's name.")
    private @Nullable String by;

    @Option(names = "--error", paramLabel = "NAME", description = "With this error.")
    private @Nullable String error;

    @Option(names = "--from", paramLabel = "TIME", description = "Given up at this time or later.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Given up before this time.")
    private @Nullable String to;

    boolean isEmpty() {
        return topic == null && by == null && error == null && from == null && to == null;
    }

    Optional<Instant> from() {
        return Optional.ofNullable(from).map(text -> Times.parse("--from", text));
    }

    /** @throws io.stepstream.cli.Unusable if a time is none */
    Predicate<Letter> selection() {
        var begin = from();
        var end = Optional.ofNullable(to).map(text -> Times.parse("--to", text));
        return letter -> {
            var record = letter.record();
            return is(topic, record.getTopic())
                    && is(by, record.getBy())
                    && is(error, record.getError())
                    && begin.map(time -> !record.getAt().isBefore(time)).orElse(true)
                    && end.map(time -> record.getAt().isBefore(time)).orElse(true);
        };
    }

    private static boolean is(@Nullable String wanted, String given) {
        return wanted == null || wanted.equals(given);
    }
}
