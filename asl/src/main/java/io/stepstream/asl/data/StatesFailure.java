package io.stepstream.asl.data;

/** How a {@link StatesError} travels inside this package; {@link Evaluated} is how it leaves. */
final class StatesFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient StatesError error;

    StatesFailure(StatesError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    static StatesFailure runtime(String message) {
        return new StatesFailure(StatesError.runtime(message));
    }

    StatesError error() {
        return error;
    }

    /** Runs a piece of this package at its border. */
    static <T> Evaluated<T> caught(Piece<T> piece) {
        try {
            return Evaluated.value(piece.run());
        } catch (StatesFailure e) {
            return Evaluated.failed(e.error);
        }
    }

    /** A piece of work that may fail with an error of the workflow. */
    @FunctionalInterface
    interface Piece<T> {
        T run() throws StatesFailure;
    }
}
