package io.stepstream.audit.log;

/**
 * Where a partition's committed records are.
 *
 * @param first the first offset that there is; above 0 if older records are gone by retention
 * @param end one past the last that can be read
 */
public record OffsetRange(long first, long end) {

    /** How many records there may be: markers of transactions count too. */
    public long length() {
        return Math.max(0, end - first);
    }
}
