package io.stepstream.cli.executions;

import io.stepstream.cli.GatewayOptions;
import io.stepstream.cli.Interrupt;
import io.stepstream.cli.Unusable;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stepstream executions pause|resume|stop|redrive}: one verb for every execution that is named or found. */
@Command(
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all were accepted, now or before",
            "1:some were refused, or the gateway could not be asked",
            "2:wrong use",
            "130:Ctrl-C came; the same command goes on"
        },
        mixinStandardHelpOptions = true)
final class EachCommand implements Callable<Integer> {
    /** Executions of one page, asked for at once. */
    private static final int PAGE = 50;

    private static final int INTERRUPTED = 130;
    private static final String PAUSE = "pause";
    private static final String PAUSED = "PAUSED";

    @Parameters(paramLabel = "ARN", arity = "0..*", description = "Executions, by their ARNs.")
    private List<String> arns = new ArrayList<>();

    @Option(
            names = "--state-machine",
            paramLabel = "NAME",
            description = "Those of a state machine, by its name or ARN.")
    private @Nullable String stateMachine;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Those of this status; without it RUNNING, or FAILED to redrive.")
    private @Nullable String status;

    @Option(names = "--name", paramLabel = "PREFIX", description = "Those whose names begin so.")
    private @Nullable String name;

    @Option(
            names = "--started-from",
            paramLabel = "TIME",
            description = "Those started from then on, such as 2026-11-26T12:00:00Z.")
    private @Nullable String startedFrom;

    @Option(names = "--started-before", paramLabel = "TIME", description = "Those started before.")
    private @Nullable String startedBefore;

    @Option(names = "--error", paramLabel = "TEXT", description = "Those with this text in their error or its cause.")
    private @Nullable String error;

    @Option(
            names = "--paused",
            description = "Those that are paused themselves, not by their state machine's pause; to resume, always.")
    private boolean paused;

    @Option(names = "--all", description = "Those of all state machines: needed if nothing else says which.")
    private boolean all;

    @Option(names = "--dry-run", description = "Tell which, and do nothing.")
    private boolean dryRun;

    @Option(
            names = "--progress",
            paramLabel = "FILE",
            description = "Keeps how far it is: the same command with the same file goes on from there.")
    private @Nullable Path progress;

    @Mixin
    private final GatewayOptions door = new GatewayOptions();

    private final Verb verb;
    private final PrintWriter out;

    EachCommand(Verb verb, PrintWriter out) {
        this.verb = verb;
        this.out = out;
    }

    /** The command line of this verb. */
    static CommandLine commandLine(Verb verb, PrintWriter out) {
        var line = new CommandLine(new EachCommand(verb, out));
        line.getCommandSpec().name(verb.text()).usageMessage().description(verb.description());
        return line;
    }

    @Override
    public Integer call() throws InterruptedException {
        var query = query();
        if (arns.isEmpty() == query.isEmpty() && !all) {
            throw new Unusable(
                    "say which executions: by their ARNs, or by a filter such as --state-machine; --all means"
                            + " those of all state machines");
        }
        if (!arns.isEmpty() && (all || !query.isEmpty() || progress != null)) {
            throw new Unusable("give ARNs or a filter, not both; --progress is for a filter");
        }
        try (var gateway = new Gateway(door.open())) {
            return arns.isEmpty() ? found(gateway, query) : named(gateway);
        }
    }

    private int named(Gateway gateway) throws InterruptedException {
        var done = each(gateway, UUID.randomUUID().toString(), arns);
        return told(new ProgressFile.Run("", Optional.empty(), done.accepted(), done.refused(), true));
    }

    private int found(Gateway gateway, Map<String, String> filter) throws InterruptedException {
        var query = new LinkedHashMap<>(filter);
        query.putIfAbsent("status", verb.usualStatus());
        if (verb == Verb.RESUME) {
            query.put(PAUSE, PAUSED);
        }
        var file = new ProgressFile(Optional.ofNullable(progress));
        var run = file.begin(verb, query);
        try (var interrupt = new Interrupt()) {
            while (!run.finished()) {
                if (interrupt.isAskedWithin(Duration.ZERO)) {
                    out.println(counts(run) + " so far; interrupted"
                            + (progress == null ? "" : ": the same command goes on from there"));
                    return INTERRUPTED;
                }
                var page = gateway.search(query, run.next(), PAGE);
                if (dryRun) {
                    page.arns().forEach(out::println);
                    run = run.with(page.next(), page.arns().size(), 0);
                } else {
                    var done = each(gateway, run.id(), page.arns());
                    run = run.with(page.next(), done.accepted(), done.refused());
                    file.save(verb, query, run);
                }
            }
        }
        if (dryRun) {
            out.println("would " + verb.text() + " " + run.accepted() + " executions");
            return 0;
        }
        return told(run);
    }

    /** What was accepted in an interrupted run of this id is accepted again, and not done again. */
    private AllAtOnce.Counts each(Gateway gateway, String run, List<String> executions) throws InterruptedException {
        return AllAtOnce.ask(
                executions, arn -> gateway.apply(Gateway.Resource.EXECUTION, verb, arn, requestId(run, arn)), out);
    }

    /** The same in the same run, so that going on repeats no request. */
    private String requestId(String run, String arn) {
        return UUID.nameUUIDFromBytes((verb.text() + " " + run + " " + arn).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private int told(ProgressFile.Run run) {
        out.println(counts(run));
        return run.refused() == 0 ? 0 : 1;
    }

    private String counts(ProgressFile.Run run) {
        return verb.text() + ": " + run.accepted() + " accepted, " + run.refused() + " refused";
    }

    private Map<String, String> query() {
        var query = new LinkedHashMap<String, String>();
        put(query, "stateMachine", stateMachine);
        put(query, "status", status);
        put(query, "name", name);
        put(query, "startedFrom", startedFrom);
        put(query, "startedBefore", startedBefore);
        put(query, "error", error);
        put(query, PAUSE, paused ? PAUSED : null);
        return query;
    }

    private static void put(Map<String, String> query, String parameter, @Nullable String value) {
        if (value != null) {
            query.put(parameter, value);
        }
    }
}
