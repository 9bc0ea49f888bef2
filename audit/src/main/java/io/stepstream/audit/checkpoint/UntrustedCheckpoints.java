package io.stepstream.audit.checkpoint;

import java.util.List;

/** The checkpoints that there are cannot be gone on from: somebody else wrote there, or something is missing. */
public final class UntrustedCheckpoints extends RuntimeException {
    private static final long serialVersionUID = 1;

    UntrustedCheckpoints(List<Checkpoints.Problem> problems) {
        super("the topic of checkpoints holds " + problems.size()
                + " that prove nothing with this key; the first, at offset "
                + problems.getFirst().offset() + ": " + problems.getFirst().why()
                + ". Run 'audit verify' to see what has happened, before any more is signed");
    }
}
