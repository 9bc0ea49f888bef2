package io.stepstream.integrations.items.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.items.request.Fields;
import java.util.Optional;

/**
 * Where the next page begins. To the engine it is opaque; it must stay small, for it is kept in the execution's rows.
 *
 * @param read how many items all pages before had
 * @param manifestTag tag of the object that names the files, if there is one
 * @param place the file's place among all, in the words of whoever names them
 * @param inFile where in that file; empty for its beginning
 */
record Cursor(long read, Optional<String> manifestTag, String place, Optional<InFile> inFile) {

    static final Cursor START = new Cursor(0, Optional.empty(), "", Optional.empty());

    /** A position in a file that has this tag. */
    record InFile(String tag, Position position) {}

    static Cursor parse(Optional<JsonNode> json) throws Fields.Invalid {
        if (json.isEmpty()) {
            return START;
        }
        Fields fields = Fields.of(json.get());
        Optional<InFile> inFile = Optional.empty();
        Optional<String> tag = fields.optionalText("tag");
        if (tag.isPresent()) {
            inFile = Optional.of(new InFile(tag.get(), new Position(whole(fields, "offset"), whole(fields, "row"))));
        }
        return new Cursor(
                whole(fields, "read"),
                fields.optionalText("manifest"),
                fields.optionalText("place").orElse(""),
                inFile);
    }

    private static long whole(Fields fields, String name) throws Fields.Invalid {
        long value = fields.optionalWhole(name).orElse(-1);
        if (value < 0) {
            throw fields.missing("cursor." + name, "a whole number, as the reader has answered it");
        }
        return value;
    }

    JsonNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("read", read);
        manifestTag.ifPresent(tag -> json.put("manifest", tag));
        if (!place.isEmpty()) {
            json.put("place", place);
        }
        inFile.ifPresent(file -> json.put("tag", file.tag())
                .put("offset", file.position().offset())
                .put("row", file.position().row()));
        return json;
    }
}
