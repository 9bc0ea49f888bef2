package io.stepstream.integrations.items.reader;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;

/** The items of one answer, gathered as JSON text until there are enough. */
final class Page {

    /** What the brackets of an array take. */
    private static final int BRACKETS = 2;

    private final int maxItems;
    private final int maxBytes;
    private final StringBuilder text = new StringBuilder("[");
    private int items;
    private int bytes = BRACKETS;

    /**
     * A page that takes so much.
     *
     * @param maxItems at least 1
     * @param maxBytes of the JSON text of the array of all its items, in UTF-8
     */
    Page(int maxItems, int maxBytes) {
        this.maxItems = maxItems;
        this.maxBytes = maxBytes;
    }

    /**
     * What the worker answers.
     *
     * @param items the JSON text of an array
     * @param cursor null when there are no more
     */
    record Answer(@JsonRawValue String items, JsonNode cursor) {}

    /** Whether the page took an item. */
    enum Taken {
        TAKEN,
        FULL
    }

    /**
     * Takes an item unless the page is full.
     *
     * @param json its JSON text
     * @param where for an error: which item of which file it is
     * @throws ItemReaderFailed if it does not fit on any page
     */
    Taken offer(CharSequence json, Where where) throws ItemReaderFailed {
        if (items == maxItems) {
            return Taken.FULL;
        }
        int size = utf8Length(json) + (items == 0 ? 0 : 1);
        if (bytes + size > maxBytes) {
            if (items == 0) {
                throw new ItemReaderFailed(
                        where.text() + " is an item of " + size + " bytes as JSON; at most " + (maxBytes - BRACKETS)
                                + " are possible. Keep large content in an object of its own and have the item name it");
            }
            return Taken.FULL;
        }
        if (items > 0) {
            text.append(',');
        }
        text.append(json);
        items++;
        bytes += size;
        return Taken.TAKEN;
    }

    /** Tells where an item is. */
    @FunctionalInterface
    interface Where {
        String text();
    }

    boolean isFull() {
        return items == maxItems;
    }

    int items() {
        return items;
    }

    Answer answer(JsonNode cursor) {
        return new Answer(text + "]", cursor);
    }

    Answer lastAnswer() {
        return answer(NullNode.getInstance());
    }

    private static int utf8Length(CharSequence text) {
        int length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x800 && !Character.isSurrogate(c)) {
                length += 2;
            } else if (c >= 0x80) {
                // Of a surrogate pair each half counts two: four bytes for two characters.
                length++;
            }
        }
        return length;
    }
}
