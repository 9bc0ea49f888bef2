package io.stepstream.audit.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Finds where two records differ. */
final class RecordComparison {
    private static final int MOST = 5;
    private static final int SHOWN = 120;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<At> differences = new ArrayList<>();

    /** One place where they differ. */
    record At(String path, String what) {}

    private RecordComparison() {}

    /** Where a recorded record differs from the one that its step makes; the first few places. */
    static List<At> of(IndexedRecord recorded, IndexedRecord made) {
        var comparison = new RecordComparison();
        comparison.compare("$", recorded, made);
        return List.copyOf(comparison.differences);
    }

    private void compare(String path, @Nullable Object recorded, @Nullable Object made) {
        if (differences.size() >= MOST) {
            return;
        }
        if (recorded instanceof IndexedRecord one
                && made instanceof IndexedRecord other
                && one.getSchema().getFullName().equals(other.getSchema().getFullName())) {
            for (var field : one.getSchema().getFields()) {
                compare(path + "." + field.name(), one.get(field.pos()), other.get(field.pos()));
            }
        } else if (recorded instanceof List<?> one && made instanceof List<?> other) {
            for (var i = 0; i < Math.max(one.size(), other.size()); i++) {
                compare(path + "[" + i + "]", at(one, i), at(other, i));
            }
        } else if (recorded == null ? made != null : !recorded.equals(made)) {
            if (recorded instanceof String one && made instanceof String other && isNested(one) && isNested(other)) {
                compareTexts(path, one, other);
            } else {
                differ(path, text(recorded), text(made));
            }
        }
    }

    private static boolean isNested(String text) {
        return text.startsWith("{") || text.startsWith("[");
    }

    private void compareTexts(String path, String recorded, String made) {
        try {
            var before = differences.size();
            compare(path, JSON.readTree(recorded), JSON.readTree(made));
            if (differences.size() > before) {
                return;
            }
        } catch (JsonProcessingException e) {
            // What is no JSON is compared as text.
        }
        differ(path, recorded, made);
    }

    private void compare(String path, @Nullable JsonNode recorded, @Nullable JsonNode made) {
        if (differences.size() >= MOST || recorded != null && recorded.equals(made)) {
            return;
        }
        if (recorded != null && made != null && recorded.isObject() && made.isObject()) {
            var names = new TreeSet<String>();
            recorded.fieldNames().forEachRemaining(names::add);
            made.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(path + "." + name, recorded.get(name), made.get(name)));
        } else if (recorded != null && made != null && recorded.isArray() && made.isArray()) {
            for (var i = 0; i < Math.max(recorded.size(), made.size()); i++) {
                compare(path + "[" + i + "]", recorded.get(i), made.get(i));
            }
        } else {
            differ(path, String.valueOf(recorded), String.valueOf(made));
        }
    }

    private void differ(String path, String recorded, String made) {
        if (differences.size() < MOST) {
            differences.add(new At(path, "recorded is " + shown(recorded) + ", run again it is " + shown(made)));
        }
    }

    private static @Nullable Object at(List<?> list, int index) {
        return index < list.size() ? list.get(index) : null;
    }

    private static String text(@Nullable Object value) {
        if (value instanceof ByteBuffer buffer) {
            var bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return HexFormat.of().formatHex(bytes);
        }
        return value == null ? "absent" : value.toString();
    }

    private static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
