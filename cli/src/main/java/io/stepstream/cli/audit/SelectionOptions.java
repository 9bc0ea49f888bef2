package io.stepstream.cli.audit;

import io.stepstream.audit.records.HistorySelection;
import io.stepstream.cli.Times;
import io.stepstream.cli.Unusable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of the history is meant. */
public final class SelectionOptions {
    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Steps at this time and later (default: from the beginning).")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Steps before this time (default: to the end).")
    private @Nullable String to;

    @Option(names = "--state-machine", paramLabel = "NAME", description = "Executions of this state machine only.")
    private @Nullable String stateMachine;

    /** Made by picocli, as a mixin. */
    public SelectionOptions() {}

    /**
     * The part that is meant.
     *
     * @throws Unusable if the options contradict each other
     */
    HistorySelection selection() {
        var begin = Optional.ofNullable(from).map(text -> Times.parse("--from", text));
        var end = Optional.ofNullable(to).map(text -> Times.parse("--to", text));
        if (begin.isPresent() && end.isPresent() && !begin.get().isBefore(end.get())) {
            throw new Unusable("--from " + from + " is not before --to " + to);
        }
        return new HistorySelection(begin, end, Optional.ofNullable(stateMachine));
    }
}
