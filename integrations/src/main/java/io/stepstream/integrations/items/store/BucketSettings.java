package io.stepstream.integrations.items.store;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which buckets there are; no other can be read or written.
 *
 * @param directories buckets that are directories of this machine, by the bucket's name
 * @param s3 buckets at an S3-compatible endpoint
 */
public record BucketSettings(Map<String, Path> directories, Optional<S3Settings> s3) {

    /** S3's own rule for the names of buckets, without its exceptions for names like IP addresses. */
    private static final String BUCKET_NAME = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]";

    public BucketSettings {
        directories = Map.copyOf(directories);
        directories.keySet().forEach(BucketSettings::requireName);
        for (String bucket : s3.map(S3Settings::buckets).orElse(Set.of())) {
            requireName(bucket);
            if (directories.containsKey(bucket)) {
                throw new IllegalArgumentException(
                        "bucket " + bucket
                                + " is both a directory and a bucket of the S3 endpoint; it can be one: remove it from one of the two settings");
            }
        }
        if (directories.isEmpty() && s3.isEmpty()) {
            throw new IllegalArgumentException(
                    "no bucket is set; give at least one directory, as in orders=/data/orders,"
                            + " or at least one bucket of an S3 endpoint");
        }
    }

    public static BucketSettings ofDirectories(Map<String, Path> directories) {
        return new BucketSettings(directories, Optional.empty());
    }

    private static void requireName(String bucket) {
        if (!bucket.matches(BUCKET_NAME)) {
            throw new IllegalArgumentException(
                    "\"" + bucket
                            + "\" is no bucket's name: 3 to 63 lower-case letters, digits, dots and hyphens, with a letter or digit at both ends");
        }
    }
}
