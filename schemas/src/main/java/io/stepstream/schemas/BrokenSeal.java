package io.stepstream.schemas;

/** Sealed bytes do not open with the key that they name: they were changed, or moved from where they belong. */
public final class BrokenSeal extends RuntimeException {
    public BrokenSeal(String message) {
        super(message);
    }
}
