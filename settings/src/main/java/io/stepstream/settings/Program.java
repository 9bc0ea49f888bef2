package io.stepstream.settings;

/** A program that reads settings. */
public enum Program {
    ORCHESTRATOR,
    GATEWAY,
    /** {@code stepstream topics}. */
    TOPICS
}
