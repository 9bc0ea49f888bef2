package io.stepstream.schemas;

import io.stepstream.schemas.avro.Payload;
import io.stepstream.schemas.avro.Purged;
import io.stepstream.schemas.avro.Sealed;

/** Users' JSON values in and out of their wire form. */
public final class Payloads {

    private Payloads() {}

    /** A payload of this JSON text. */
    public static Payload of(String json) {
        return new Payload(json);
    }

    /**
     * The JSON text of this payload.
     *
     * @throws IllegalStateException if it is sealed, as reading it takes its key, or purged
     */
    public static String json(Payload payload) {
        return switch (payload.getContent()) {
            case String json -> json;
            case Sealed sealed ->
                throw new IllegalStateException("The payload is sealed under key " + sealed.getKeyId()
                        + ", which this process has not got; give it that key, or treat the payload as purged");
            case Purged purged -> throw new IllegalStateException("The payload was purged at " + purged.getAt());
            // A union's Java type is Object; Avro admits only the three above.
            default ->
                throw new IllegalStateException(
                        "A payload holds " + payload.getContent().getClass());
        };
    }
}
