package io.stepstream.gateway;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives test classes the stack that they share, started for the first of them and stopped after the last. What a class makes there has
 * names of its own, and what others have made is none of its business.
 */
final class SharedStack implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Stack.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // The store closes what it holds.
        return context.getRoot().getStore(Namespace.GLOBAL).computeIfAbsent(Stack.class, type -> start(), Stack.class);
    }

    private static Stack start() {
        try {
            return new Stack();
        } catch (Exception e) {
            throw new ParameterResolutionException("the stack cannot be started: " + e.getMessage(), e);
        }
    }
}
