package io.stepstream.worker;

import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Reads the type of a lambda's first parameter, of which Java keeps the class and not the type's arguments. */
final class InputType {

    private InputType() {}

    /**
     * What this handler takes.
     *
     * @throws IllegalArgumentException if that cannot be told; the message says what to write instead
     */
    static Class<?> of(String taskName, TypedHandler<?> handler) {
        SerializedLambda lambda = lambda(taskName, handler);
        Class<?> type = MethodType.fromMethodDescriptorString(
                        lambda.getInstantiatedMethodType(), handler.getClass().getClassLoader())
                .parameterType(0);
        if (type == Object.class) {
            throw unknown(taskName, "its lambda does not say what it takes: write (Order in, TaskContext task) -> ...");
        }
        if (type.getTypeParameters().length > 0) {
            throw unknown(
                    taskName,
                    "it takes a " + type.getSimpleName() + ", whose type arguments Java does not keep: "
                            + "write task(name, new TypeReference<" + type.getSimpleName() + "<...>>() {}, handler)");
        }
        return type;
    }

    private static SerializedLambda lambda(String taskName, TypedHandler<?> handler) {
        try {
            Method replace = handler.getClass().getDeclaredMethod("writeReplace");
            replace.setAccessible(true);
            if (replace.invoke(handler) instanceof SerializedLambda lambda) {
                return lambda;
            }
        } catch (NoSuchMethodException e) {
            throw unknown(taskName, "it is no lambda: write task(name, Order.class, handler)");
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException("the lambda of task " + taskName + " cannot be looked into", e);
        }
        throw unknown(taskName, "it is no lambda: write task(name, Order.class, handler)");
    }

    private static IllegalArgumentException unknown(String taskName, String why) {
        return new IllegalArgumentException("the input's type of task " + taskName + " is not known: " + why);
    }
}
