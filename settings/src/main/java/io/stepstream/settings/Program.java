package io.stepstream.settings;

/** A program that reads settings. */
public enum Program {
    ORCHESTRATOR,
    GATEWAY,
    /** Built-in workers. */
    INTEGRATIONS,
    /** {@code stepstream topics}. */
    TOPICS
}
