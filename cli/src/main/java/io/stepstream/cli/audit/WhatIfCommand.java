package io.stepstream.cli.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.audit.whatif.Findings;
import io.stepstream.audit.whatif.Verdict;
import io.stepstream.audit.whatif.WhatIf;
import io.stepstream.cli.Unusable;
import io.stepstream.cli.validate.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stepstream audit what-if}: recorded executions on another definition. */
@Command(
        name = "what-if",
        description = {
            "Runs recorded executions against another definition, with the recorded results of their tasks at their recorded times,",
            "and tells which would have gone another way, where, and of which it cannot be told. --from and --to are of their start."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all that can be told would have gone the same way",
            "1:some would have gone another way",
            "2:wrong use, or of none can it be told"
        },
        mixinStandardHelpOptions = true)
final class WhatIfCommand implements Callable<Integer> {
    private static final String LIMIT = "10000";

    @Mixin
    private LogOptions log = new LogOptions();

    @Mixin
    private SelectionOptions part = new SelectionOptions();

    @Option(names = "--definition", required = true, paramLabel = "FILE", description = "The other definition.")
    private Path definition = Path.of("");

    @Option(
            names = "--limit",
            defaultValue = LIMIT,
            paramLabel = "NUMBER",
            description = "Executions to try, about: the first of each partition (default: " + LIMIT + ").")
    private int limit;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    private final PrintWriter out;

    WhatIfCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        var selection = part.selection();
        if (selection.stateMachine().isEmpty()) {
            throw new Unusable("give --state-machine: the name of the state machine whose executions are to be tried");
        }
        if (limit < 1) {
            throw new Unusable("--limit " + limit + " leaves nothing to be tried");
        }
        var text = definition();
        try (var source = log.open()) {
            var findings = WhatIf.run(source, log.masterKeys(), selection, text, limit);
            if (json) {
                out.println(json(findings));
            } else {
                print(findings);
            }
            if (findings.other() > 0) {
                return 1;
            }
            return findings.same() == 0 ? 2 : 0;
        }
    }

    private String definition() {
        String text;
        try {
            text = Files.readString(definition);
        } catch (IOException e) {
            throw new Unusable("--definition " + definition + " cannot be read: " + e);
        }
        if (StateMachine.parse(text, WorkflowType.STANDARD) instanceof Parsed.Invalid(var findings)
                && StateMachine.parse(text, WorkflowType.EXPRESS) instanceof Parsed.Invalid) {
            Report.of(definition.toString(), text, findings).print(out);
            throw new Unusable("an invalid definition is not tried");
        }
        return text;
    }

    private void print(Findings findings) {
        var tried = findings.same() + findings.other() + findings.cannotTell();
        if (tried == 0) {
            out.println("no execution of " + findings.stateMachine() + " was started in that time, as far as the "
                    + findings.source() + " tells");
            return;
        }
        out.printf("%d recorded executions of %s on %s%n%n", tried, findings.stateMachine(), definition);
        out.printf("%8d  would have gone the same way%n", findings.same());
        out.printf("%8d  another way%n", findings.other());
        out.printf("%8d  cannot be told%n", findings.cannotTell());
        if (findings.leftOut() > 0) {
            out.printf("%8d  were not tried: see --limit%n", findings.leftOut());
        }
        findings.renamed()
                .forEach((names, count) ->
                        out.printf("%nstate %s: matched by resource and input, in %d executions%n", names, count));
        findings.groups().forEach(this::print);
    }

    private void print(Findings.Group group) {
        out.println();
        switch (group.first()) {
            case Verdict.Same _ -> {}
            case Verdict.CannotTell(var reason, var detail) ->
                out.printf(
                        "%d cannot be told: %s%s%n",
                        group.count(), reason.words(), detail.isEmpty() ? "" : " (" + detail + ")");
            case Verdict.Other(var difference) -> {
                out.printf(
                        "%d another way: %s %s%n",
                        group.count(), difference.state(), difference.kind().words());
                out.println("    recorded  " + difference.recorded());
                out.println("    now       " + difference.rehearsed());
                out.println("    ending    " + difference.ending().recorded() + ", now "
                        + difference.ending().rehearsed());
            }
        }
        group.executions().forEach(arn -> out.println("    " + arn));
        if (group.count() > group.executions().size()) {
            out.println("    and " + (group.count() - group.executions().size()) + " more");
        }
    }

    private static ObjectNode json(Findings findings) {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("source", findings.source())
                .put("stateMachine", findings.stateMachine())
                .put("same", findings.same())
                .put("other", findings.other())
                .put("cannotTell", findings.cannotTell())
                .put("leftOut", findings.leftOut());
        var renamed = json.putObject("renamed");
        findings.renamed().forEach(renamed::put);
        var groups = json.putArray("groups");
        findings.groups().forEach(group -> fill(groups.addObject(), group));
        return json;
    }

    private static void fill(ObjectNode json, Findings.Group group) {
        switch (group.first()) {
            case Verdict.Same _ -> {}
            case Verdict.CannotTell(var reason, var detail) ->
                json.put("verdict", "CANNOT_TELL").put("reason", reason.name()).put("detail", detail);
            case Verdict.Other(var difference) ->
                json.put("verdict", "OTHER")
                        .put("kind", difference.kind().name())
                        .put("state", difference.state())
                        .put("recorded", difference.recorded())
                        .put("rehearsed", difference.rehearsed())
                        .put("recordedEnding", difference.ending().recorded())
                        .put("rehearsedEnding", difference.ending().rehearsed());
        }
        json.put("count", group.count());
        var executions = json.putArray("executions");
        List.copyOf(group.executions()).forEach(executions::add);
    }
}
