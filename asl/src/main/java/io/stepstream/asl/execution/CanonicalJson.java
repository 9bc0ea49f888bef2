package io.stepstream.asl.execution;

import com.fasterxml.jackson.core.io.CharTypes;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A JSON array of objects, written as it is told: without white space, characters escaped as Jackson does it and no others. Every step's
 * digest is over such a text, mostly payloads that have to be quoted, so it is written character by character into an array.
 */
final class CanonicalJson {
    private static final int USUAL_LENGTH = 2048;
    /** What Jackson writes for a character: 0 for itself, -1 for its number, else the letter behind the backslash. */
    private static final int[] ESCAPES = CharTypes.get7BitOutputEscapes();

    /** The longest that a character becomes: a backslash, u and four digits. */
    private static final int LONGEST = 6;

    private static final char[] DIGITS = "0123456789ABCDEF".toCharArray();

    private char[] text = new char[USUAL_LENGTH];
    private int length;

    CanonicalJson() {
        append('[');
    }

    /** Adds an object to the array. */
    void element(Consumer<CanonicalJson> members) {
        separate('[');
        braced(members);
    }

    CanonicalJson put(String field, String value) {
        name(field);
        quote(value);
        return this;
    }

    CanonicalJson put(String field, long value) {
        name(field);
        var number = Long.toString(value);
        room(number.length());
        number.getChars(0, number.length(), text, length);
        length += number.length();
        return this;
    }

    /** A member that is an object. */
    void object(String field, Consumer<CanonicalJson> members) {
        name(field);
        braced(members);
    }

    /** The array, to which nothing is added any more. */
    String text() {
        append(']');
        return new String(text, 0, length);
    }

    private void braced(Consumer<CanonicalJson> members) {
        append('{');
        members.accept(this);
        append('}');
    }

    private void name(String field) {
        separate('{');
        quote(field);
        append(':');
    }

    private void separate(char first) {
        if (text[length - 1] != first) {
            append(',');
        }
    }

    private void append(char one) {
        room(1);
        text[length++] = one;
    }

    private void room(int more) {
        if (text.length - length < more) {
            text = Arrays.copyOf(text, Math.max(text.length * 2, length + more));
        }
    }

    private void quote(String value) {
        append('"');
        for (var from = 0; from < value.length(); ) {
            // As much as there is room for whatever it becomes.
            room(LONGEST * Math.min(value.length() - from, USUAL_LENGTH));
            from = escape(value, from, Math.min(value.length(), from + (text.length - length) / LONGEST));
        }
        append('"');
    }

    private int escape(String value, int from, int to) {
        var out = text;
        var at = length;
        for (var i = from; i < to; i++) {
            var c = value.charAt(i);
            var escape = c < ESCAPES.length ? ESCAPES[c] : 0;
            if (escape == 0) {
                out[at++] = c;
            } else if (escape > 0) {
                out[at++] = '\\';
                out[at++] = (char) escape;
            } else {
                out[at++] = '\\';
                out[at++] = 'u';
                out[at++] = '0';
                out[at++] = '0';
                out[at++] = DIGITS[c >> 4];
                out[at++] = DIGITS[c & 15];
            }
        }
        length = at;
        return to;
    }
}
