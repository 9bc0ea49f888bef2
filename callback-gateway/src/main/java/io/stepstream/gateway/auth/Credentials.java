package io.stepstream.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;

/** Who is known, by what he shows. Immutable. */
final class Credentials {

    private final Map<String, AwsKey> awsKeys;
    private final Map<String, HashedKey> apiKeys;

    /** An AWS access key: its secret signs requests, so it cannot be kept as a hash. */
    record AwsKey(String secret, Principal principal) {
        /** Without the secret. */
        @Override
        public String toString() {
            return "AwsKey[" + principal.name() + "]";
        }
    }

    /** A key of the native API, by its hash. */
    record HashedKey(String hash, Principal principal) {}

    Credentials(Map<String, AwsKey> awsKeys, Map<String, HashedKey> apiKeys) {
        this.awsKeys = Map.copyOf(awsKeys);
        this.apiKeys = Map.copyOf(apiKeys);
    }

    Optional<AwsKey> aws(String accessKeyId) {
        return Optional.ofNullable(awsKeys.get(accessKeyId));
    }

    /** Whose key this is. */
    Optional<Principal> api(String text) {
        return ApiKey.parse(text)
                .flatMap(key -> Optional.ofNullable(apiKeys.get(key.id()))
                        .filter(known -> MessageDigest.isEqual(bytes(known.hash()), bytes(key.hash())))
                        .map(HashedKey::principal));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Credentials[%d AWS keys, %d API keys]".formatted(awsKeys.size(), apiKeys.size());
    }
}
