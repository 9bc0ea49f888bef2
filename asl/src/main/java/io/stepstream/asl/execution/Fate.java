package io.stepstream.asl.execution;

/** What becomes of the rows of what ends together with its execution. */
public enum Fate {
    /** They stay: a redrive goes on with them. */
    KEPT,
    DROPPED
}
