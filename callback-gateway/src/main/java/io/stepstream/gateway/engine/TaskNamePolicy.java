package io.stepstream.gateway.engine;

/** What becomes of a definition that uses task names which nobody has registered. */
public enum TaskNamePolicy {
    /** They are registered, and their topics made. */
    REGISTER,
    /** It is refused: a name is registered by CreateActivity first, so that a mistyped one is found at the deploy. */
    REFUSE
}
