package io.stepstream.cli.audit;

import io.stepstream.audit.export.HistoryExport;
import io.stepstream.audit.export.HistoryExport.Format;
import io.stepstream.audit.log.LogExport;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.records.HistorySelection;
import io.stepstream.cli.Unusable;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stepstream audit export}: the history for other tools, or the log for another place. */
@Command(
        name = "export",
        description = "Writes the history into a file, as it is read; how much it was is told on standard error.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all is written", "1:some of the log could not be read, and is missing", "2:wrong use"},
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {

    /** What can be written. */
    enum Form {
        JSONL,
        AVRO,
        CSV,
        LOG;

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
            required = true,
            paramLabel = "FORMAT",
            description = {
                "jsonl: a history record a line, decoded;",
                "avro: an Avro object container file of history records;",
                "csv: a history event a row;",
                "log: the whole log as it is stored, secrets and all, for --file of these commands: the one form that"
                        + " can be verified."
            })
    private Form format = Form.JSONL;

    @Option(
            names = {"--output", "-o"},
            required = true,
            paramLabel = "FILE",
            description = "The file to be written; - for standard output.")
    private String output = "";

    @Option(
            names = "--with-keys",
            description =
                    "Of a log: with the wrapped keys of what is sealed, so that it can be run again by whoever has the"
                            + " master keys. No purge reaches them there.")
    private boolean withKeys;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        var selection = part.selection();
        if (withKeys && format != Form.LOG) {
            throw new Unusable(
                    "--with-keys is of --format log: in the other formats what is sealed is opened where its key is at hand");
        }
        try (var source = log.open()) {
            return switch (format) {
                case JSONL -> export(source, selection, Format.JSONL);
                case AVRO -> export(source, selection, Format.AVRO);
                case CSV -> export(source, selection, Format.CSV);
                case LOG -> exportLog(source, selection);
            };
        }
    }

    private int export(LogSource source, HistorySelection selection, Format form) throws IOException {
        var written =
                Outputs.write(output, to -> HistoryExport.write(source, sealed.opening(log), selection, form, to));
        var err = spec.commandLine().getErr();
        err.println(written.records() + " history records written"
                + (output.equals(Outputs.STANDARD) ? "" : " to " + output));
        if (written.damaged() == 0) {
            return 0;
        }
        err.println(written.damaged() + " records could not be read and are missing; 'audit verify' tells more:");
        written.damage()
                .forEach(damage -> err.println(
                        "  partition " + damage.partition() + ", offset " + damage.offset() + ": " + damage.why()));
        return 1;
    }

    private int exportLog(LogSource source, HistorySelection selection) throws IOException {
        if (!selection.isAll()) {
            throw new Unusable("--format log is the whole log, as only that can be verified: leave out --from, --to and"
                    + " --state-machine");
        }
        if (output.equals(Outputs.STANDARD)) {
            throw new Unusable("--format log needs a file: give its name to --output");
        }
        var records = LogExport.write(
                source, Outputs.file(output), withKeys ? LogExport.Keys.INCLUDED : LogExport.Keys.LEFT_OUT);
        spec.commandLine().getErr().println(records + " records of all topics written to " + output);
        return 0;
    }
}
