package io.stepstream.orchestrator.engine;

import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Payload;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * How long the texts of clients may be, which write to the topics of commands and results without a gateway that would look at them: AWS's
 * limits where it has any (ADR 0031). A longer one would be in every record and row that quotes it, and a record that its topic refuses can
 * never be committed.
 */
final class ClientTexts {
    /** An output of more characters is not put into a history record at all: smaller ones the interpreter refuses, in AWS's words and with the state's name. */
    static final int OUTPUT_CHARACTERS = Topics.MAX_RECORD_BYTES / 4;

    private static final int NAME = 512;
    private static final int PROSE = 32_768;
    /** A form's fields: 32 of 2,000 characters, each of which JSON may have to escape. */
    private static final int FIELDS = 131_072;

    private static final int ERROR = 256;
    private static final int ENTRIES = 100;

    /** What may be longer or must be shorter than a name; a definition has its own limit, where it is read. */
    private static final Map<String, Integer> MOST = Map.of(
            "error", ERROR,
            "cause", PROSE,
            "comment", PROSE,
            "reason", PROSE,
            "description", PROSE,
            "versionDescription", PROSE,
            "configuration", PROSE,
            "fields", FIELDS,
            "definition", Topics.MAX_RECORD_BYTES);

    private ClientTexts() {}

    /** The texts of a record that are too long, and what is allowed, payloads apart; empty if none is. */
    static Optional<String> tooLong(SpecificRecord record) {
        return record.getSchema().getFields().stream()
                .flatMap(field -> tooLong(field.name(), record.get(field.pos())))
                .findFirst();
    }

    private static Stream<String> tooLong(String name, @Nullable Object value) {
        return switch (value) {
            case String text
            when text.length() > MOST.getOrDefault(name, NAME) ->
                Stream.of(name + " has " + text.length() + " characters; at most " + MOST.getOrDefault(name, NAME)
                        + " are taken");
            case Payload _ -> Stream.empty();
            case SpecificRecord inner -> tooLong(inner).stream();
            case Collection<?> many when many.size() > ENTRIES -> tooMany(name, many.size());
            case Collection<?> many -> many.stream().flatMap(one -> tooLong(name, one));
            case Map<?, ?> entries when entries.size() > ENTRIES -> tooMany(name, entries.size());
            case Map<?, ?> entries ->
                Stream.concat(entries.keySet().stream(), entries.values().stream())
                        .flatMap(one -> tooLong(name, one));
            case null, default -> Stream.empty();
        };
    }

    private static Stream<String> tooMany(String name, int size) {
        return Stream.of(name + " has " + size + " entries; at most " + ENTRIES + " are taken");
    }
}
