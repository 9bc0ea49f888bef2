package io.stepstream.audit.export;

import java.io.IOException;
import java.util.List;

/**
 * Rows of comma-separated values (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe in front: what is in the log comes
 * from people whom the auditor need not trust.
 */
public final class Csv {
    private final Appendable out;

    public Csv(Appendable out) {
        this.out = out;
    }

    /** Writes a row. */
    public void row(List<String> fields) throws IOException {
        var separator = "";
        for (var field : fields) {
            out.append(separator).append(quoted(field));
            separator = ",";
        }
        out.append("\r\n");
    }

    private static String quoted(String field) {
        var safe = isFormula(field) ? "'" + field : field;
        var plain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }

    /** Whether it begins as a formula does, and is no number. */
    private static boolean isFormula(String field) {
        return !field.isEmpty() && "=+-@\t\r".indexOf(field.charAt(0)) >= 0 && !field.matches("-?\\d+(\\.\\d+)?");
    }
}
