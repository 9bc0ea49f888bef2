package io.stepstream.gateway.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.auth.Credentials.AwsKey;
import io.stepstream.gateway.auth.Credentials.HashedKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The file that says who may call. JSON:
 *
 * <pre>{@code
 * {"principals": [{"name": "ci", "roles": ["deployer"], "tasks": [],
 *                  "awsKeys": [{"id": "...", "secret": "..."}], "apiKeys": [{"id": "...", "sha256": "..."}]}]}
 * }</pre>
 */
public final class CredentialsFile {

    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private CredentialsFile() {}

    /**
     * The credentials in such a file.
     *
     * @throws IllegalArgumentException if it is none; the message says where, and never a secret
     */
    static Credentials parse(String json, String source) {
        var awsKeys = new HashMap<String, AwsKey>();
        var apiKeys = new HashMap<String, HashedKey>();
        var names = new HashSet<String>();
        var index = 0;
        for (var entry : principals(tree(json, source), source)) {
            var where = "Principal %d of the credentials file %s".formatted(index++, source);
            var principal = principal(entry, where);
            if (!names.add(principal.name())) {
                throw new IllegalArgumentException(where + " has the name of another one: " + principal.name());
            }
            for (var key : elements(entry, "awsKeys", where)) {
                only(key, Set.of("id", "secret"), where + ", an element of 'awsKeys',");
                var id = text(key, "id", "[A-Za-z0-9_]{4,128}", where);
                if (awsKeys.put(id, new AwsKey(text(key, "secret", ".{16,256}", where), principal)) != null) {
                    throw new IllegalArgumentException(where + " has an AWS key whose id is given twice: " + id);
                }
            }
            for (var key : elements(entry, "apiKeys", where)) {
                only(key, Set.of("id", "sha256"), where + ", an element of 'apiKeys',");
                var id = text(key, "id", "[0-9a-f]{8}", where);
                if (apiKeys.put(id, new HashedKey(text(key, "sha256", "[0-9a-f]{64}", where), principal)) != null) {
                    throw new IllegalArgumentException(where + " has an API key whose id is given twice: " + id);
                }
            }
        }
        return new Credentials(awsKeys, apiKeys);
    }

    static String read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "The credentials file %s has more than %d bytes".formatted(file, MOST_BYTES));
        }
        return Files.readString(file);
    }

    /**
     * Adds an API key to the file, which is made if it is not there; running gateways take it over by themselves.
     *
     * @param name of the principal, new or one in the file; then roles and tasks must be the same as there
     */
    public static void add(Path file, String name, Set<Role> roles, Set<String> tasks, ApiKey key) throws IOException {
        var entry = MAPPER.createObjectNode().put("id", key.id()).put("sha256", key.hash());
        add(file, new Principal(name, roles, tasks), "apiKeys", entry);
    }

    /** As {@link #add}, an AWS access key. */
    public static void addAws(Path file, String name, Set<Role> roles, Set<String> tasks, String id, String secret)
            throws IOException {
        add(
                file,
                new Principal(name, roles, tasks),
                "awsKeys",
                MAPPER.createObjectNode().put("id", id).put("secret", secret));
    }

    private static void add(Path file, Principal principal, String member, ObjectNode key) throws IOException {
        var root = Files.exists(file) ? tree(read(file), file.toString()) : MAPPER.createObjectNode();
        var all = root.withArrayProperty("principals");
        ObjectNode entry = null;
        for (var each : all) {
            if (each instanceof ObjectNode object
                    && object.path("name").asText().equals(principal.name())) {
                entry = object;
            }
        }
        if (entry == null) {
            entry = all.addObject().put("name", principal.name());
            principal.roles().stream().sorted().map(Role::text).forEach(entry.putArray("roles")::add);
            principal.tasks().stream().sorted().forEach(entry.putArray("tasks")::add);
        } else if (!principal(entry, file.toString()).equals(principal)) {
            throw new IllegalArgumentException(
                    "%s has '%s' with other roles or tasks; give those, or edit the file, or take another name"
                            .formatted(file, principal.name()));
        }
        entry.withArrayProperty(member).add(key);
        var text = MAPPER.writeValueAsString(root);
        var unused = parse(text, file.toString());
        replace(file, text);
    }

    private static void replace(Path file, String text) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        var written = Files.createTempFile(
                folder,
                ".credentials",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(written, text + "\n");
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static ObjectNode tree(String json, String source) {
        try {
            if (MAPPER.readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            // The parser's own message would quote what stands there, and that may be a secret.
            var at = e.getLocation();
            throw new IllegalArgumentException("The credentials file %s is no JSON, at line %d, column %d"
                    .formatted(source, at == null ? 0 : at.getLineNr(), at == null ? 0 : at.getColumnNr()));
        }
        throw new IllegalArgumentException("The credentials file %s is no JSON object".formatted(source));
    }

    private static List<ObjectNode> principals(ObjectNode root, String source) {
        only(root, Set.of("principals"), "The credentials file " + source);
        if (!root.has("principals")) {
            throw new IllegalArgumentException("The credentials file %s has no 'principals'".formatted(source));
        }
        return elements(root, "principals", "The credentials file " + source);
    }

    private static Principal principal(ObjectNode entry, String where) {
        only(entry, Set.of("name", "roles", "tasks", "awsKeys", "apiKeys"), where);
        var roles = EnumSet.noneOf(Role.class);
        for (var text : texts(entry, "roles", where)) {
            roles.add(Role.of(text)
                    .orElseThrow(() -> new IllegalArgumentException("%s has a role '%s'; there are %s"
                            .formatted(
                                    where,
                                    text,
                                    List.of(Role.values()).stream()
                                            .map(Role::text)
                                            .toList()))));
        }
        if (roles.isEmpty()) {
            throw new IllegalArgumentException(where + " has no 'roles'");
        }
        return new Principal(
                text(entry, "name", "[^\\p{Cntrl}]{1,128}", where), roles, Set.copyOf(texts(entry, "tasks", where)));
    }

    private static List<ObjectNode> elements(ObjectNode object, String member, String where) {
        var found = new java.util.ArrayList<ObjectNode>();
        for (var element : array(object, member, where)) {
            if (!(element instanceof ObjectNode each)) {
                throw new IllegalArgumentException(
                        "%s has something in '%s' that is no object".formatted(where, member));
            }
            found.add(each);
        }
        return found;
    }

    private static Set<String> texts(ObjectNode object, String member, String where) {
        var found = new HashSet<String>();
        for (var element : array(object, member, where)) {
            if (!element.isTextual()) {
                throw new IllegalArgumentException("%s has something in '%s' that is no text".formatted(where, member));
            }
            found.add(element.textValue());
        }
        return found;
    }

    private static Iterable<JsonNode> array(ObjectNode object, String member, String where) {
        var value = object.get(member);
        if (value == null) {
            return List.of();
        }
        if (value instanceof ArrayNode array) {
            return array;
        }
        throw new IllegalArgumentException("%s has a '%s' that is no array".formatted(where, member));
    }

    private static String text(ObjectNode object, String member, String form, String where) {
        var value = object.path(member);
        if (!value.isTextual() || !value.textValue().matches(form)) {
            throw new IllegalArgumentException("%s needs '%s', a text of the form %s".formatted(where, member, form));
        }
        return value.textValue();
    }

    private static void only(ObjectNode object, Set<String> members, String where) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!members.contains(member.getKey())) {
                throw new IllegalArgumentException(
                        "%s has a member '%s'; there are %s".formatted(where, member.getKey(), members));
            }
        }
    }
}
