package io.stepstream.chaos.world;

/**
 * Commands and answers that a client could not send for reasons of one kind.
 *
 * @param count how many
 * @param first what the client said of the first of them
 */
public record Unsent(long count, String first) {
    static Unsent because(Exception error) {
        return new Unsent(1, error.toString());
    }

    Unsent and(Unsent later) {
        return new Unsent(count + later.count, first);
    }

    @Override
    public String toString() {
        return count + " unsent: " + first;
    }
}
