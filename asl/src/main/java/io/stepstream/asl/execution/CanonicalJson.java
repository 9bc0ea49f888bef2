package io.stepstream.asl.execution;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.function.Consumer;

/** A JSON array of objects, written as it is told: without white space, characters escaped as Jackson does it and no others. */
final class CanonicalJson {
    private static final int USUAL_LENGTH = 2048;

    private final StringBuilder text = new StringBuilder(USUAL_LENGTH).append('[');

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
        text.append(value);
        return this;
    }

    /** A member that is an object. */
    void object(String field, Consumer<CanonicalJson> members) {
        name(field);
        braced(members);
    }

    /** The array, to which nothing is added any more. */
    String text() {
        return text.append(']').toString();
    }

    private void braced(Consumer<CanonicalJson> members) {
        text.append('{');
        members.accept(this);
        text.append('}');
    }

    private void name(String field) {
        separate('{');
        quote(field);
        text.append(':');
    }

    private void separate(char first) {
        if (text.charAt(text.length() - 1) != first) {
            text.append(',');
        }
    }

    private void quote(String value) {
        text.append('"');
        JsonStringEncoder.getInstance().quoteAsString(value, text);
        text.append('"');
    }
}
