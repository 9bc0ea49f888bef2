package io.stepstream.load;

/** Is told how far a benchmark is. */
public interface Progress {

    /** A part of it has begun. */
    void phase(String name, int count);

    /** So many of the part's executions have finished. */
    void done(int count);
}
