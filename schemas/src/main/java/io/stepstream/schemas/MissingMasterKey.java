package io.stepstream.schemas;

/** What is sealed under a master key is wanted, and this process has not got that key. The message names it. */
public final class MissingMasterKey extends Exception {
    public MissingMasterKey(String message) {
        super(message);
    }
}
