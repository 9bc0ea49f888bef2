package io.stepstream.integrations.trigger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.registry.UnknownSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** What the values of a topic are, and how they become JSON. */
public enum RecordFormat {
    /** JSON text. */
    JSON,
    /** Text in UTF-8, which becomes a JSON string. */
    STRING,
    /** Avro in Confluent's framing; bytes become base64. */
    AVRO;

    private static final int HEADER_BYTES = 5;

    /** Numbers keep the digits that they came with. */
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /**
     * The value as JSON; null for none.
     *
     * @throws Undecodable if it is not of this format, whoever reads it and however often
     * @throws io.stepstream.schemas.registry.RegistryUnavailable if the registry is needed and does not answer
     */
    JsonNode read(byte @Nullable [] value, SchemaRegistry registry) throws Undecodable {
        if (value == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        return switch (this) {
            case JSON -> json(value);
            case STRING -> JsonNodeFactory.instance.textNode(text(value));
            case AVRO -> avro(value, registry);
        };
    }

    private static JsonNode json(byte[] value) throws Undecodable {
        try {
            return MAPPER.readTree(text(value));
        } catch (JsonProcessingException e) {
            throw new Undecodable("no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String text(byte[] value) throws Undecodable {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Undecodable("no UTF-8: " + e, e);
        }
    }

    private static JsonNode avro(byte[] value, SchemaRegistry registry) throws Undecodable {
        if (value.length < HEADER_BYTES || value[0] != 0) {
            throw new Undecodable(
                    "no Avro in Confluent's framing, which begins with a zero byte and a schema's id", null);
        }
        try {
            Schema schema = registry.byId(ByteBuffer.wrap(value).getInt(1));
            var decoder = DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null);
            return json(new GenericDatumReader<>(schema).read(null, decoder));
        } catch (UnknownSchema | IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
            throw new Undecodable("no record of its schema: " + e, e);
        }
    }

    private static JsonNode json(@Nullable Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (value) {
            case null -> nodes.nullNode();
            case GenericRecord record -> {
                ObjectNode object = nodes.objectNode();
                record.getSchema()
                        .getFields()
                        .forEach(field -> object.set(field.name(), json(record.get(field.pos()))));
                yield object;
            }
            case Map<?, ?> map -> {
                ObjectNode object = nodes.objectNode();
                map.forEach((key, each) -> object.set(String.valueOf(key), json(each)));
                yield object;
            }
            case Collection<?> items -> {
                ArrayNode array = nodes.arrayNode();
                items.forEach(item -> array.add(json(item)));
                yield array;
            }
            case ByteBuffer bytes -> nodes.textNode(Base64.getEncoder().encodeToString(remaining(bytes)));
            case GenericFixed fixed -> nodes.textNode(Base64.getEncoder().encodeToString(fixed.bytes()));
            case Boolean truth -> nodes.booleanNode(truth);
            case Integer number -> nodes.numberNode(number);
            case Long number -> nodes.numberNode(number);
            case Float number -> nodes.numberNode(number);
            case Double number -> nodes.numberNode(number);
            // Strings are Utf8, enumerated values symbols of their own type.
            case Object text -> nodes.textNode(text.toString());
        };
    }

    private static byte[] remaining(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
