package io.stepstream.asl.definition;

/** Where a state leads. */
public sealed interface Transition {
    record Next(String state) implements Transition {}

    record End() implements Transition {}
}
