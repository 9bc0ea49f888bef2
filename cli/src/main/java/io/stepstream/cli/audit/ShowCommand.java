package io.stepstream.cli.audit;

import io.stepstream.audit.log.ClusterLog;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.show.ExecutionAt;
import io.stepstream.audit.show.Moment;
import io.stepstream.audit.show.NothingToShow;
import io.stepstream.audit.show.Snapshot;
import io.stepstream.audit.show.SnapshotJson;
import io.stepstream.audit.show.SnapshotTree;
import io.stepstream.audit.show.Tree;
import io.stepstream.cli.Times;
import io.stepstream.cli.Unusable;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stepstream audit show}: an execution as it was. */
@Command(
        name = "show",
        description = {
            "Shows an execution as it is, or was at a time or after a history event: its cursors, variables, data and"
                    + " what it waits for.",
            "It is rebuilt by running its recorded steps again. Task tokens show as ***."
        },
        mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
    private static final int WIDTH = 80;
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Parameters(paramLabel = "ARN", description = "The execution's ARN.")
    private String arn = "";

    @Mixin
    private LogOptions log = new LogOptions();

    @Option(
            names = "--at",
            paramLabel = "TIME|EVENT",
            description = "A time, as 2026-01-31T12:00:00Z, or the number of a history event (default: the last).")
    private @Nullable String at;

    @Option(names = "--json", description = "Print one JSON object, with all data in full.")
    private boolean json;

    @Option(
            names = "--watch",
            description = "Show it again after each of its steps, until it has ended; of a running cluster.")
    private boolean watch;

    private final PrintWriter out;

    ShowCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        if (watch && at != null) {
            throw new Unusable("--watch shows what is to come, and --at what was: give one of them");
        }
        try (var source = log.open()) {
            if (watch) {
                follow(source);
            } else {
                print(new ExecutionAt(source, log.masterKeys(), arn).at(moment()));
            }
            return 0;
        } catch (NothingToShow e) {
            throw new Unusable(String.valueOf(e.getMessage()));
        }
    }

    private void follow(LogSource source) {
        if (!(source instanceof ClusterLog cluster)) {
            throw new Unusable("--watch follows a running cluster, and nothing is added to the " + source.name()
                    + ": give --bootstrap-servers and --registry");
        }
        new ExecutionAt(source, log.masterKeys(), arn).follow(cluster, this::printAgain);
    }

    private Moment moment() {
        if (at == null) {
            return new Moment.Latest();
        }
        return at.matches("\\d{1,18}")
                ? new Moment.Event(Long.parseLong(at))
                : new Moment.Time(Times.parse("--at", at));
    }

    private void printAgain(Snapshot snapshot) {
        if (!json && Ansi.AUTO.enabled()) {
            out.print(CLEAR);
        }
        print(snapshot);
        if (!json) {
            out.println();
        }
        out.flush();
    }

    private void print(Snapshot snapshot) {
        if (json) {
            out.println(SnapshotJson.of(snapshot));
        } else {
            var colours = Ansi.AUTO.enabled() ? Tree.Colours.ANSI : Tree.Colours.NONE;
            SnapshotTree.lines(snapshot, WIDTH, colours).forEach(out::println);
        }
    }
}
