package io.stepstream.cli.audit;

import io.stepstream.schemas.MasterKeys;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether data of sealed executions is opened in what is written. */
public final class SealedOptions {
    @Option(
            names = "--leave-sealed",
            description =
                    "Open nothing that is sealed, though its key is at hand: for an auditor who is not to see it, and for"
                            + " files that are to outlive no purge.")
    private boolean leaveSealed;

    /** Made by picocli, as a mixin. */
    public SealedOptions() {}

    /** The master keys to open with; absent if nothing is to be opened. */
    Optional<MasterKeys> opening(LogOptions log) {
        return leaveSealed ? Optional.empty() : Optional.of(log.masterKeys().orElseGet(MasterKeys::none));
    }
}
