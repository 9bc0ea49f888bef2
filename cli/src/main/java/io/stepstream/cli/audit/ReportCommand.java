package io.stepstream.cli.audit;

import io.stepstream.audit.report.ApprovalReport;
import io.stepstream.audit.report.ReportCsv;
import io.stepstream.audit.report.ReportJson;
import io.stepstream.audit.report.ReportPage;
import io.stepstream.audit.report.TooMuchToReport;
import io.stepstream.cli.Unusable;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stepstream audit report}: who decided what. */
@Command(
        name = "report",
        description = {
            "Tells who decided what, when, after how long a wait, through which link and from where, and with which"
                    + " comment;",
            "and what nobody decided. --from and --to are of when it was decided."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all is told", "1:some of the log could not be read, and is missing", "2:wrong use"},
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

    /** What can be written. */
    enum Form {
        HTML,
        CSV,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Mixin
    private LogOptions log = new LogOptions();

    @Mixin
    private SelectionOptions part = new SelectionOptions();

    @Mixin
    private SealedOptions sealed = new SealedOptions();

    @Option(
            names = "--format",
            defaultValue = "html",
            paramLabel = "FORMAT",
            description =
                    "html: one page with charts that needs nothing else; csv: a decision a row; json (default: html).")
    private Form format = Form.HTML;

    @Option(
            names = {"--output", "-o"},
            required = true,
            paramLabel = "FILE",
            description = "The file to be written; - for standard output.")
    private String output = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        var selection = part.selection();
        try (var source = log.open()) {
            var report = ApprovalReport.read(
                    source, sealed.opening(log), selection, Instant.now().truncatedTo(ChronoUnit.SECONDS));
            Outputs.write(output, to -> {
                switch (format) {
                    case HTML -> ReportPage.write(report, to);
                    case CSV -> ReportCsv.write(report, to);
                    case JSON -> ReportJson.write(report, to);
                }
                return report;
            });
            var err = spec.commandLine().getErr();
            err.println(report.approvals().size() + " requests for a decision"
                    + (output.equals(Outputs.STANDARD) ? "" : " written to " + output));
            if (report.damaged() > 0) {
                err.println(
                        report.damaged() + " records could not be read and are missing; see what 'audit verify' says");
                return 1;
            }
            return 0;
        } catch (TooMuchToReport e) {
            throw new Unusable(String.valueOf(e.getMessage()));
        }
    }
}
