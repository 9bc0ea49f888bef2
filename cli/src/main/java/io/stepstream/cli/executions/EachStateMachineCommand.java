package io.stepstream.cli.executions;

import io.stepstream.cli.GatewayOptions;
import io.stepstream.cli.Unusable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code stepstream state-machines pause|resume}: one verb for every state machine that is named, or that is found and to which it makes
 * a difference. To give the command again does no harm, and so nothing is kept of how far it was.
 */
@Command(
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all were accepted",
            "1:some were refused, or the gateway could not be asked",
            "2:wrong use",
        },
        mixinStandardHelpOptions = true)
final class EachStateMachineCommand implements Callable<Integer> {
    private static final int PAGE = 100;

    @Parameters(paramLabel = "ARN", arity = "0..*", description = "State machines, by their names or ARNs.")
    private List<String> named = new ArrayList<>();

    @Option(names = "--name", paramLabel = "PREFIX", description = "Those whose names begin so.")
    private @Nullable String prefix;

    @Option(names = "--all", description = "All state machines: needed if nothing else says which.")
    private boolean all;

    @Option(names = "--dry-run", description = "Tell which, and do nothing.")
    private boolean dryRun;

    @Mixin
    private final GatewayOptions door = new GatewayOptions();

    private final Verb verb;
    private final PrintWriter out;

    private EachStateMachineCommand(Verb verb, PrintWriter out) {
        this.verb = verb;
        this.out = out;
    }

    /** The command line of this verb: {@link Verb#PAUSE} or {@link Verb#RESUME}. */
    static CommandLine commandLine(Verb verb, String description, PrintWriter out) {
        var line = new CommandLine(new EachStateMachineCommand(verb, out));
        line.getCommandSpec().name(verb.text()).usageMessage().description(description);
        return line;
    }

    @Override
    public Integer call() throws InterruptedException {
        if ((named.isEmpty() ? 0 : 1) + (prefix == null ? 0 : 1) + (all ? 1 : 0) != 1) {
            throw new Unusable("say which state machines: by their names or ARNs, by --name PREFIX, or --all");
        }
        try (var gateway = new Gateway(door.open())) {
            var arns = named.isEmpty() ? found(gateway) : named;
            if (dryRun) {
                arns.forEach(out::println);
                out.println("would " + verb.text() + " " + arns.size() + " state machines");
                return 0;
            }
            var run = UUID.randomUUID();
            var done = AllAtOnce.ask(
                    arns,
                    arn -> gateway.apply(Gateway.Resource.STATE_MACHINE, verb, arn, verb.text() + " " + run),
                    out);
            out.println(verb.text() + ": " + done.accepted() + " accepted, " + done.refused() + " refused");
            return done.refused() == 0 ? 0 : 1;
        }
    }

    private List<String> found(Gateway gateway) throws InterruptedException {
        var arns = new ArrayList<String>();
        var page = gateway.stateMachines(Optional.empty(), PAGE);
        while (!page.isEmpty()) {
            page.stream()
                    .filter(machine -> machine.name().startsWith(prefix == null ? "" : prefix))
                    .filter(machine -> machine.paused() == (verb == Verb.RESUME))
                    .forEach(machine -> arns.add(machine.arn()));
            page = gateway.stateMachines(Optional.of(page.getLast().name()), PAGE);
        }
        return arns;
    }
}
