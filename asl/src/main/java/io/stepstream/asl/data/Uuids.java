package io.stepstream.asl.data;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** UUIDs of version 4 from a given source of randomness: the same source gives the same ones. */
public final class Uuids {
    private Uuids() {}

    /** A UUID from the next two numbers of this source. */
    public static String random(RandomGenerator random) {
        var version = (random.nextLong() & ~0xF000L) | 0x4000L;
        var variant = (random.nextLong() & ~(0xC000L << 48)) | (0x8000L << 48);
        return new UUID(version, variant).toString();
    }
}
