package io.stepstream.audit.verify;

import io.stepstream.audit.checkpoint.SigningKeys;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.MasterKeys;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to be verified, and how.
 *
 * @param from steps before this time are run for what they leave behind, and not compared
 * @param execution ARN of the one execution to look at
 * @param checkpoints the public key of the checkpoints; without it they are not looked at
 * @param masterKeys what sealed executions' keys are wrapped under; without them, those are checked by their chain only
 * @param threads how many partitions at once
 * @param resume a folder that the run's state is kept in, and that an earlier run may have begun
 * @param savedEvery how many records of a partition a run that is killed has to do again, at most
 */
public record Scope(
        Optional<Instant> from,
        Optional<String> execution,
        Optional<SigningKeys.Verifier> checkpoints,
        MasterKeys masterKeys,
        int threads,
        Optional<Path> resume,
        int savedEvery) {

    /** A second's work. */
    public static final int USUALLY_SAVED_EVERY = 20_000;

    /** Everything. */
    public static final Scope ALL = new Scope(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            MasterKeys.none(),
            Runtime.getRuntime().availableProcessors(),
            Optional.empty(),
            USUALLY_SAVED_EVERY);

    /** This scope, with checkpoints signed by this key. */
    public Scope checkedBy(SigningKeys.Verifier key) {
        return new Scope(from, execution, Optional.of(key), masterKeys, threads, resume, savedEvery);
    }

    /** This scope, with these master keys. */
    public Scope openedBy(MasterKeys keys) {
        return new Scope(from, execution, checkpoints, keys, threads, resume, savedEvery);
    }

    /** This scope, going on with what is in a folder, and leaving its state there. */
    public Scope resuming(Path folder, int savingEvery) {
        return new Scope(from, execution, checkpoints, masterKeys, threads, Optional.of(folder), savingEvery);
    }

    Optional<String> executionId() {
        return execution.map(Arns::executionId);
    }

    /** What two runs must have in common for one to go on with the other's state. */
    String fingerprint() {
        return "from " + from.map(Instant::toString).orElse("the beginning") + ", execution "
                + execution.orElse("any") + ", key "
                + checkpoints.map(SigningKeys.Verifier::keyId).orElse("none");
    }
}
