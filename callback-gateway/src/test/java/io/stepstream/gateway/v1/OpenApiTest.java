package io.stepstream.gateway.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.gateway.auth.Role;
import java.util.Arrays;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The description has every operation and no other, each with its route, its status and its roles. */
class OpenApiTest {

    @Test
    void theDocumentAndTheRoutesAreTheSame() throws Exception {
        var document = new ObjectMapper().readTree(OpenApi.class.getResourceAsStream("openapi.json"));
        var described = new TreeSet<String>();
        for (var path : document.path("paths").properties()) {
            for (var method : path.getValue().properties()) {
                var operation = method.getValue();
                described.add("%s %s %s %s %s"
                        .formatted(
                                operation.path("operationId").asText(),
                                method.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                operation.path("responses").fieldNames().next(),
                                operation.path("description").asText()));
            }
        }
        var routed = Arrays.stream(NativeOperation.values())
                .map(operation -> "%s %s %s %d Roles: %s."
                        .formatted(
                                operation.name().toLowerCase(Locale.ROOT),
                                operation.method().text(),
                                operation.path(),
                                operation.status(),
                                roles(operation)))
                .toList();
        assertThat(described).containsExactlyInAnyOrderElementsOf(routed);
    }

    private static String roles(NativeOperation operation) {
        return operation.roles().size() == Role.values().length
                ? "any"
                : operation.roles().stream().sorted().map(Role::text).collect(Collectors.joining(", "));
    }
}
