package io.stepstream.cli;

import io.stepstream.audit.log.UnreadableLog;
import io.stepstream.cli.audit.AuditCommand;
import io.stepstream.cli.deadletters.DeadLettersCommand;
import io.stepstream.cli.dev.DataFolder;
import io.stepstream.cli.dev.Trouble;
import io.stepstream.cli.executions.ExecutionsCommand;
import io.stepstream.cli.executions.StateMachinesCommand;
import io.stepstream.cli.limits.LimitsCommand;
import io.stepstream.cli.serve.GatewayCommand;
import io.stepstream.cli.serve.IntegrationCommand;
import io.stepstream.cli.serve.OrchestratorCommand;
import io.stepstream.cli.serve.TopicsCommand;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The {@code stepstream} command. */
@Command(
        name = "stepstream",
        description = "Durable workflows in the Amazon States Language, on Kafka.",
        mixinStandardHelpOptions = true,
        version = "stepstream 0.1.0")
public final class Stepstream {

    /** The property that logback's configuration reads for the folder of its file. */
    private static final String LOG_FOLDER = "stepstream.log.folder";

    private static final int WRONG_USE = CommandLine.ExitCode.USAGE;

    Stepstream() {}

    public static void main(String[] args) {
        int status = commandLine(new PrintWriter(System.out, true), new PrintWriter(System.err, true))
                .execute(args);
        // Kafka's own threads would keep the JVM.
        System.exit(status);
    }

    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return commandLine(out, err, Keyboard.ofProcess());
    }

    static CommandLine commandLine(PrintWriter out, PrintWriter err, Keyboard keyboard) {
        var texts = new Texts(keyboard);
        var line = new CommandLine(new Stepstream())
                .addSubcommand(new ValidateCommand(out, texts))
                .addSubcommand(new RunCommand(out, texts, keyboard))
                .addSubcommand(new TrainCommand(out, err, keyboard))
                .addSubcommand(new DevCommand(out))
                .addSubcommand(new OrchestratorCommand(out))
                .addSubcommand(new GatewayCommand(out))
                .addSubcommand(new IntegrationCommand())
                .addSubcommand(new TopicsCommand(out))
                .addSubcommand(new BenchCommand(out, keyboard))
                .addSubcommand(new ChaosCommand(out))
                .addSubcommand(AuditCommand.commandLine(out))
                .addSubcommand(ExecutionsCommand.commandLine(out))
                .addSubcommand(DeadLettersCommand.commandLine(out))
                .addSubcommand(LimitsCommand.commandLine(out))
                .addSubcommand(StateMachinesCommand.commandLine(out))
                .addSubcommand(new PurgeCommand(out))
                .addSubcommand(new CommandLine(new ViewsCommand()).addSubcommand(new RebuildCommand(out)))
                .addSubcommand(new CommandLine(new KeysCommand()).addSubcommand(new KeysCommand.Create(out)))
                .addSubcommand(new CommandLine(new DemoCommand()).addSubcommand(new ApprovalCommand(out)));
        line.setOut(out);
        line.setErr(err);
        // An argument that begins with @ is the run command's way to name an input file.
        line.setExpandAtFiles(false);
        line.setExecutionExceptionHandler(Stepstream::explain);
        return line;
    }

    /** Has the log written into the data folder; to be called before the first logger is made. */
    static void logInto(DataFolder folder) {
        System.setProperty(LOG_FOLDER, folder.root().toString());
        // Helidon and the mail server log by java.util.logging, which would write to the terminal.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private static int explain(Exception failure, CommandLine line, ParseResult parsed) {
        if (failure instanceof Unusable) {
            line.getErr().println("stepstream: " + failure.getMessage());
            return WRONG_USE;
        }
        String message = failure instanceof Trouble || failure instanceof UnreadableLog
                ? failure.getMessage()
                : "internal error: " + failure;
        line.getErr().println("stepstream: " + message);
        if (System.getProperty(LOG_FOLDER) != null) {
            LoggerFactory.getLogger(Stepstream.class).error("{} failed", parsed.originalArgs(), failure);
        }
        return 1;
    }
}
