package io.stepstream.local;

import io.stepstream.schemas.registry.IncompatibleSchema;
import io.stepstream.schemas.registry.SchemaDifferences;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.registry.UnknownSchema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * Schemas, subjects and ids in memory. A subject takes a schema that reads what its latest one wrote (Confluent's
 * {@code BACKWARD}); ids count from 1 over all subjects, and equal schemas share one. Thread-safe.
 */
public final class InMemorySchemaRegistry implements SchemaRegistry {

    /** A schema as a version of a subject. */
    public record Version(String subject, int version, int id, Schema schema) {}

    private final Map<Integer, Schema> byId = new LinkedHashMap<>();
    private final Map<Schema, Integer> ids = new LinkedHashMap<>();
    private final Map<String, List<Version>> subjects = new LinkedHashMap<>();

    @Override
    public synchronized int register(String subject, Schema schema) {
        Version version = next(subject, schema);
        add(version);
        return version.id();
    }

    @Override
    public synchronized Schema byId(int id) {
        Schema schema = byId.get(id);
        if (schema == null) {
            throw new UnknownSchema("Schema " + id + " not found");
        }
        return schema;
    }

    /** The version that this very schema is in this subject. */
    synchronized Optional<Version> known(String subject, Schema schema) {
        return versions(subject).stream()
                .filter(version -> version.schema().equals(schema))
                .findFirst();
    }

    /**
     * The version that registering this schema makes, or finds; nothing is changed yet.
     *
     * @throws IncompatibleSchema if the schema does not read what the subject's latest one wrote
     */
    synchronized Version next(String subject, Schema schema) {
        Optional<Version> known = known(subject, schema);
        if (known.isPresent()) {
            return known.get();
        }
        List<Version> versions = versions(subject);
        if (!versions.isEmpty()) {
            List<String> differences =
                    SchemaDifferences.between(schema, versions.getLast().schema());
            if (!differences.isEmpty()) {
                throw new IncompatibleSchema("Schema being registered is incompatible with version "
                        + versions.getLast().version() + " of subject \"" + subject + "\": "
                        + String.join("; ", differences));
            }
        }
        return new Version(subject, versions.size() + 1, ids.getOrDefault(schema, byId.size() + 1), schema);
    }

    /** Adds a version that {@link #next} has given; one that is there already is left as it is. */
    synchronized void add(Version version) {
        List<Version> versions = subjects.computeIfAbsent(version.subject(), subject -> new ArrayList<>());
        if (version.version() <= versions.size()) {
            return;
        }
        versions.add(version);
        byId.put(version.id(), version.schema());
        ids.put(version.schema(), version.id());
    }

    /** The subjects, the oldest first. */
    public synchronized List<String> subjects() {
        return List.copyOf(subjects.keySet());
    }

    /** The versions of this subject, the oldest first; none if there is no such subject. */
    public synchronized List<Version> versions(String subject) {
        return List.copyOf(subjects.getOrDefault(subject, Collections.emptyList()));
    }
}
