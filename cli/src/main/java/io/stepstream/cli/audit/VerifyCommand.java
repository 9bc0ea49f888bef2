package io.stepstream.cli.audit;

import io.stepstream.audit.checkpoint.SigningKeys;
import io.stepstream.audit.log.UnreadableLog;
import io.stepstream.audit.replay.Interpreters;
import io.stepstream.audit.verify.Interrupted;
import io.stepstream.audit.verify.Scope;
import io.stepstream.audit.verify.Verifier;
import io.stepstream.cli.Interrupt;
import io.stepstream.cli.Unusable;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.StatesArn;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stepstream audit verify}: runs the recorded steps again, and tells what is not as it must be. */
@Command(
        name = "verify",
        description = "Runs every recorded step again and compares; checks chains, statuses and checkpoints.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:nothing differs",
            "1:something differs",
            "2:the log, a key or an option cannot be used",
            "3:interrupted; go on with --resume"
        },
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    private static final int DIFFERS = 1;
    private static final int INTERRUPTED = 3;

    @Mixin
    private final LogOptions options = new LogOptions();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description =
                    "Compare steps since this time only, as 2026-11-01T00:00:00Z; earlier ones are run for what they leave.")
    private @Nullable String from;

    @Option(names = "--execution", paramLabel = "ARN", description = "Look at this execution only.")
    private @Nullable String execution;

    @Option(
            names = "--checkpoint-key",
            paramLabel = "FILE",
            description = "The public key of the checkpoints; without it they are not looked at.")
    private @Nullable Path checkpointKey;

    @Option(
            names = "--resume",
            paramLabel = "FOLDER",
            description = "Keep the run's state there, and go on from it if an earlier run has left some.")
    private @Nullable Path resume;

    @Option(names = "--threads", paramLabel = "N", description = "Partitions at once (default: one a processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    private final PrintWriter out;

    VerifyCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        var scope = scope();
        try (var log = options.open()) {
            var verifier = new Verifier(log, scope, Interpreters.known());
            try (var interrupt = new Interrupt();
                    var bar = ProgressBar.start(verifier.progress())) {
                Thread.ofVirtual().start(() -> stopWhenAsked(interrupt, verifier));
                var report = verifier.run();
                bar.close();
                var text = new ReportText(out, report);
                if (json) {
                    text.json();
                } else {
                    text.print();
                }
                return report.isClean() ? 0 : DIFFERS;
            }
        } catch (Interrupted e) {
            out.println(scope.resume()
                    .map(folder -> "interrupted; the same command goes on from " + folder)
                    .orElse("interrupted; give --resume FOLDER to be able to go on where a run was stopped"));
            return INTERRUPTED;
        } catch (UnreadableLog e) {
            throw new Unusable(String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw new Unusable(String.valueOf(e.getMessage()));
        }
    }

    private static void stopWhenAsked(Interrupt interrupt, Verifier verifier) {
        try {
            interrupt.await();
            verifier.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Scope scope() {
        if (threads < 1) {
            throw new Unusable("--threads " + threads + ": at least one partition must be read at a time");
        }
        if (execution != null && !isExecution(execution)) {
            throw new Unusable("--execution " + execution + " is no ARN of an execution");
        }
        return new Scope(
                Optional.ofNullable(from).map(VerifyCommand::time),
                Optional.ofNullable(execution),
                Optional.ofNullable(checkpointKey).map(VerifyCommand::key),
                options.masterKeys().orElseGet(MasterKeys::none),
                threads,
                Optional.ofNullable(resume),
                Scope.USUALLY_SAVED_EVERY);
    }

    /** Those of a Map run's children have a label and two colons in their last parts. */
    private static boolean isExecution(String arn) {
        return StatesArn.parse(arn)
                        .filter(parsed -> parsed instanceof StatesArn.Execution)
                        .isPresent()
                || arn.matches("arn:[^:]+:states:[^:]*:[^:]*:execution:[^:]+:[^:]+");
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new Unusable("--from " + text + " is no time; give one as 2026-11-01T00:00:00Z");
        }
    }

    static SigningKeys.Verifier key(Path file) {
        try {
            return SigningKeys.verifier(file);
        } catch (IOException e) {
            throw new Unusable("--checkpoint-key: " + e.getMessage());
        }
    }
}
