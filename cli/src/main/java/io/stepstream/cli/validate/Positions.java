package io.stepstream.cli.validate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamReadException;
import io.stepstream.asl.definition.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** Where in a JSON text the places are that findings name by their paths ({@code /States/A/Choices[0]/Next}). */
final class Positions {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String ROOT = "";

    private final Map<String, Position> byPath = new HashMap<>();

    /** A place in a text; both numbers begin with 1. */
    record Position(int line, int column) {
        private static Position of(JsonLocation location) {
            return new Position(location.getLineNr(), location.getColumnNr());
        }
    }

    private Positions() {
        byPath.put(ROOT, new Position(1, 1));
    }

    /** The positions of a text; where it stops to be JSON stands for all of one that is none. */
    static Positions of(String text) {
        var positions = new Positions();
        try (var parser = JSON.createParser(text)) {
            positions.read(parser);
        } catch (StreamReadException e) {
            positions.byPath.clear();
            positions.byPath.put(ROOT, Position.of(e.getLocation()));
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot be read", e);
        }
        return positions;
    }

    /** A field is found at its name, an element at its value. */
    private void read(JsonParser parser) throws IOException {
        for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
            var here = parser.getParsingContext();
            var around = token.isStructStart() ? here.getParent() : here;
            if (token == JsonToken.FIELD_NAME || (!token.isStructEnd() && around.inArray())) {
                // Of a field that is there twice, the first.
                byPath.putIfAbsent(path(around), Position.of(parser.currentTokenLocation()));
            }
        }
    }

    private static String path(JsonStreamContext context) {
        if (context.inRoot()) {
            return ROOT;
        }
        var around = path(context.getParent());
        return context.inArray()
                ? around + "[" + context.getCurrentIndex() + "]"
                : around + "/" + context.getCurrentName();
    }

    /** Where the path leads, as far as it does: what is missing is missing in what is around it. */
    Position of(Finding finding) {
        var path = finding.path();
        while (!byPath.containsKey(path)) {
            path = path.substring(0, Math.max(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('['))));
        }
        return byPath.getOrDefault(path, new Position(1, 1));
    }
}
