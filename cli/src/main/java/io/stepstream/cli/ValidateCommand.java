package io.stepstream.cli;

import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.cli.validate.Report;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stepstream validate}: what is wrong with a definition, all of it, with what to do. */
@Command(
        name = "validate",
        description = "Checks definitions of state machines, and tells every problem with its place and its fix.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:every definition is valid", "1:one has an error", "2:a file cannot be read, or wrong use"},
        mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Definitions; - is standard input.")
    private List<String> files = List.of();

    @Option(names = "--json", description = "Print one JSON object a file.")
    private boolean json;

    @Option(
            names = "--type",
            defaultValue = "STANDARD",
            description = "Type of the state machines: ${COMPLETION-CANDIDATES} (default: STANDARD).")
    private WorkflowType type = WorkflowType.STANDARD;

    private final PrintWriter out;
    private final Texts texts;

    ValidateCommand(PrintWriter out, Texts texts) {
        this.out = out;
        this.texts = texts;
    }

    @Override
    public Integer call() {
        var reports = new ArrayList<Report>();
        for (var file : files) {
            var report = Report.of(file, texts.read(file), type);
            reports.add(report);
            if (json) {
                out.println(report.json());
            } else {
                report.print(out);
            }
        }
        return reports.stream().allMatch(Report::valid) ? 0 : 1;
    }
}
