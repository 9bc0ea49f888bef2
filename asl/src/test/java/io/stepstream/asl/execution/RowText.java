package io.stepstream.asl.execution;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.stepstream.asl.data.Document;
import java.io.IOException;

/** Rows to text and back, so that tests hold nothing of a row but what was written. */
final class RowText {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule()
                    .addSerializer(Document.class, new DocumentWriter())
                    .addDeserializer(Document.class, new DocumentReader()))
            .addMixIn(Phase.class, Typed.class)
            .addMixIn(Work.class, Typed.class)
            .addMixIn(WaitRow.class, Typed.class)
            .addMixIn(WaitRow.MapStage.class, Typed.class)
            .addMixIn(Outcome.class, Typed.class)
            .addMixIn(Verdict.class, Typed.class)
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private RowText() {}

    static <T> String write(Class<T> type, T row) {
        try {
            return MAPPER.writerFor(type).writeValueAsString(row);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static <T> T read(Class<T> type, String text) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(text, e);
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    private interface Typed {}

    private static final class DocumentWriter extends StdSerializer<Document> {
        DocumentWriter() {
            super(Document.class);
        }

        @Override
        public void serialize(Document value, JsonGenerator to, SerializerProvider provider) throws IOException {
            to.writeString(value.text());
        }
    }

    private static final class DocumentReader extends StdDeserializer<Document> {
        DocumentReader() {
            super(Document.class);
        }

        @Override
        public Document deserialize(JsonParser from, DeserializationContext context) throws IOException {
            return Document.ofTrusted(from.getText());
        }
    }
}
