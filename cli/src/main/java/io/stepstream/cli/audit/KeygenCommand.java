package io.stepstream.cli.audit;

import io.stepstream.audit.checkpoint.SigningKeys;
import io.stepstream.cli.Unusable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code stepstream audit keygen}: makes the key pair of checkpoints. */
@Command(
        name = "keygen",
        description = "Makes an Ed25519 key pair for checkpoints: FILE signs, FILE.pub verifies.",
        mixinStandardHelpOptions = true)
final class KeygenCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The private key's file; readable by its owner only.")
    private Path file = Path.of("audit.key");

    private final PrintWriter out;

    KeygenCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        try {
            var key = SigningKeys.generate(file);
            out.println("key " + key.keyId() + ": " + file + " signs, keep it off the engine's hosts; "
                    + SigningKeys.publicFile(file) + " verifies, give it to auditors");
            return 0;
        } catch (FileAlreadyExistsException e) {
            throw new Unusable(e.getMessage() + " is there already, and is not written over");
        } catch (IOException e) {
            throw new Unusable("the keys cannot be written: " + e);
        }
    }
}
