package io.stepstream.gateway;

import io.stepstream.gateway.Api.Reply;
import io.stepstream.gateway.auth.ApiKey;
import io.stepstream.gateway.auth.CredentialsFile;
import io.stepstream.gateway.auth.Role;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Somebody of every role, somebody who is everything, and their keys. */
final class Staff {

    static final String SECRET = "an AWS secret of the test";

    final Path file;
    private final Map<Role, ApiKey> keys = new EnumMap<>(Role.class);
    final ApiKey everything = ApiKey.generate();

    Staff(Path folder) throws Exception {
        file = folder.resolve("credentials.json");
        for (var role : Role.values()) {
            hire(role.text() + "@example.org", Set.of(role), Set.of(), key(role));
        }
        hire("all@example.org", EnumSet.allOf(Role.class), Set.of(), everything);
        CredentialsFile.addAws(file, "all@example.org", EnumSet.allOf(Role.class), Set.of(), id("all"), SECRET);
        for (var role : Role.values()) {
            CredentialsFile.addAws(
                    file, role.text() + "@example.org", Set.of(role), Set.of(), id(role.text()), SECRET + role);
        }
    }

    void hire(String name, Set<Role> roles, Set<String> tasks, ApiKey key) throws Exception {
        CredentialsFile.add(file, name, roles, tasks, key);
    }

    ApiKey key(Role role) {
        return keys.computeIfAbsent(role, r -> ApiKey.generate());
    }

    static String id(String name) {
        return "AKIA_" + name;
    }

    /** The headers that prove to be somebody. */
    static String[] bearer(ApiKey key) {
        return new String[] {"Authorization", "Bearer " + key.text()};
    }

    /** Calls an operation of the AWS API, signed. */
    static Reply aws(URI gateway, String id, String secret, String operation, String json) throws Exception {
        var body = json.replace('\'', '"');
        var signer = new AwsSigner(id, secret, "us-east-1", "states", Instant.now());
        var headers = new TreeMap<String, String>();
        headers.put("content-type", "application/x-amz-json-1.0");
        headers.put("host", gateway.getAuthority());
        headers.put("x-amz-date", signer.amzDate());
        headers.put("x-amz-target", "AWSStepFunctions." + operation);
        return new Api(gateway)
                .send(
                        "POST",
                        "/",
                        body,
                        "Content-Type",
                        headers.get("content-type"),
                        "X-Amz-Date",
                        signer.amzDate(),
                        "X-Amz-Target",
                        headers.get("x-amz-target"),
                        "Authorization",
                        signer.authorization(headers, body));
    }
}
