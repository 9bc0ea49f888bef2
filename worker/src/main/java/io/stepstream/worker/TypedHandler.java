package io.stepstream.worker;

import java.io.Serializable;

/**
 * A handler that tells its input's type by itself: a lambda whose parameters have types, or a method reference. It is serializable
 * because only of such a lambda does Java keep the types of its parameters; nobody ever serializes it.
 *
 * @param <I> what the request's input is read as, by Jackson: a class without type parameters
 */
@FunctionalInterface
public interface TypedHandler<I> extends TaskHandler<I>, Serializable {}
