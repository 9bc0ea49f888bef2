package io.stepstream.asl.data;

import java.util.function.Function;

/** What an evaluation gave: a value, or an error of the workflow. */
public sealed interface Evaluated<T> {

    record Value<T>(T value) implements Evaluated<T> {}

    record Failed<T>(StatesError error) implements Evaluated<T> {}

    static <T> Evaluated<T> value(T value) {
        return new Value<>(value);
    }

    static <T> Evaluated<T> failed(StatesError error) {
        return new Failed<>(error);
    }

    /** The next evaluation on this one's value; an error stays as it is. */
    default <R> Evaluated<R> then(Function<? super T, Evaluated<R>> next) {
        return switch (this) {
            case Value<T>(var value) -> next.apply(value);
            case Failed<T>(var error) -> new Failed<>(error);
        };
    }

    /** The value made into another; an error stays as it is. */
    default <R> Evaluated<R> map(Function<? super T, ? extends R> change) {
        return then(value -> new Value<>(change.apply(value)));
    }
}
