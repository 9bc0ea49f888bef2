package io.stepstream.integrations.items.reader;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * Where in a JSON document the items' array is.
 *
 * @param pointer RFC 6901
 */
record ItemsPointer(JsonPointer pointer) {

    /** AWS's text for a dataset that is no array. */
    static final String NO_ARRAY = "Attempting to map over non-iterable node.";

    static final ItemsPointer WHOLE_DOCUMENT = new ItemsPointer(JsonPointer.empty());

    static ItemsPointer parse(String text) throws ItemReaderFailed {
        try {
            return new ItemsPointer(JsonPointer.compile(text));
        } catch (IllegalArgumentException e) {
            throw new ItemReaderFailed(
                    "ReaderConfig.ItemsPointer \"" + text
                            + "\" is no JSON pointer; give one such as \"/orders/0/lines\"",
                    e);
        }
    }

    boolean isWholeDocument() {
        return pointer.matches();
    }

    /** Moves a parser from the document's beginning onto the array's. */
    void moveTo(JsonParser parser, Content content) throws ItemReaderFailed, IOException {
        parser.nextToken();
        for (JsonPointer rest = pointer; !rest.matches(); rest = rest.tail()) {
            if (!moveToMember(parser, rest)) {
                throw new ItemReaderFailed("ReaderConfig.ItemsPointer \"" + pointer + "\" finds nothing in "
                        + content.name() + ": there is no \"" + rest.getMatchingProperty()
                        + "\" on its way; correct the pointer or the file");
            }
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new ItemReaderFailed(NO_ARRAY);
        }
    }

    private static boolean moveToMember(JsonParser parser, JsonPointer step) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> moveToField(parser, step.getMatchingProperty());
            case START_ARRAY -> moveToElement(parser, step.getMatchingIndex());
            case null, default -> false;
        };
    }

    private static boolean moveToField(JsonParser parser, String name) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = name.equals(parser.currentName());
            parser.nextToken();
            if (found) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static boolean moveToElement(JsonParser parser, int index) throws IOException {
        for (int at = 0; parser.nextToken() != JsonToken.END_ARRAY; at++) {
            if (at == index) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }
}
