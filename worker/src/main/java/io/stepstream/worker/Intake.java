package io.stepstream.worker;

/** Takes the requests of one task name out of its topic, and has them served. */
interface Intake {

    /** Begins to take requests. */
    void open();

    /** Takes no more requests; those held are finished. */
    void close();

    /** Interrupts the handlers that still run, and gives their requests back. */
    void giveBack() throws InterruptedException;

    /** Waits for the end, at most until a time of {@link System#nanoTime()}; tells whether it has come. */
    boolean awaitEnd(long deadline) throws InterruptedException;
}
