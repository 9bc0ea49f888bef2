package io.stepstream.integrations.items.store;

import java.util.Optional;

/**
 * Which object is meant.
 *
 * @param version one version of it; empty for the latest
 * @param expectedOwner the account that must own the bucket; only an S3 endpoint knows of accounts
 */
public record ObjectAddress(String bucket, String key, Optional<String> version, Optional<String> expectedOwner) {

    public static ObjectAddress of(String bucket, String key) {
        return new ObjectAddress(bucket, key, Optional.empty(), Optional.empty());
    }

    /** As errors name it. */
    @Override
    public String toString() {
        return "s3://" + bucket + "/" + key
                + version.map(id -> "?versionId=" + id).orElse("");
    }
}
