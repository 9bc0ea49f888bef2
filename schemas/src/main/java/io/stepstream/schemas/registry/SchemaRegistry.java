package io.stepstream.schemas.registry;

import org.apache.avro.Schema;

/** Gives schemas the ids under which records name them. Implementations are thread-safe and cache. */
public interface SchemaRegistry {

    /**
     * The id of this schema in this subject; registers the schema if the subject has not got it yet.
     *
     * @throws RegistryUnavailable if the registry gave no usable answer: try again later
     * @throws IncompatibleSchema if the registry refuses the schema: trying again does not help
     */
    int register(String subject, Schema schema);

    /**
     * The schema with this id.
     *
     * @throws RegistryUnavailable if the registry gave no usable answer: try again later
     * @throws UnknownSchema if the registry has no schema with this id
     */
    Schema byId(int id);
}
