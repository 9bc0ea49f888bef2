package io.stepstream.integrations.items.store;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Buckets at an S3-compatible endpoint.
 *
 * @param endpoint its base address; empty for AWS's own of the region
 * @param region as requests are signed for; most other servers take any
 * @param buckets those that may be used
 * @param credentials empty to find them as AWS's tools do (environment, profile, instance role)
 */
public record S3Settings(
        Optional<URI> endpoint, String region, Set<String> buckets, Optional<Credentials> credentials) {

    /** An access key. */
    public record Credentials(String accessKeyId, String secretAccessKey) {
        /** Without the secret. */
        @Override
        public String toString() {
            return "Credentials[" + accessKeyId + ", ***]";
        }
    }

    public S3Settings {
        buckets = Set.copyOf(buckets);
        if (buckets.isEmpty()) {
            throw new IllegalArgumentException("the S3 endpoint has no bucket that may be used; name at least one");
        }
    }
}
