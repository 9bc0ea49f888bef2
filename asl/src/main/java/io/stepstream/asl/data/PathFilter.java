package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;

/** An InputPath or OutputPath. */
public sealed interface PathFilter {

    /** Without the field, or {@code $}: everything passes. */
    record Everything() implements PathFilter {}

    /** {@code null}: nothing passes, and {@code {}} takes its place. */
    record Nothing() implements PathFilter {}

    record At(Path path) implements PathFilter {}

    static PathFilter at(Path path) {
        return path.text().equals("$") ? new Everything() : new At(path);
    }

    default Uses uses() {
        return this instanceof At(var path) ? path.uses() : Uses.NOTHING;
    }

    /** What passes of a document; the very document if everything does. */
    default Document apply(Document document, EvaluationContext context) throws StatesFailure {
        return switch (this) {
            case Everything _ -> document;
            case Nothing _ -> Document.EMPTY_OBJECT;
            case At(var path) -> Document.of(read(path, new Scope(document.tree(), context)));
        };
    }

    /** What a path finds, with the words AWS has where a state's own path fields find nothing. */
    static JsonNode read(Path path, Scope scope) throws StatesFailure {
        try {
            return path.read(scope);
        } catch (Path.NotFound e) {
            throw StatesFailure.runtime("Invalid path '" + path + "' : " + e.getMessage());
        }
    }
}
