package io.stepstream.cli.validate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.definition.Finding;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What was found in one file.
 *
 * @param file its name, as the user gave it
 * @param findings in the order of the file
 */
public record Report(String file, List<Located> findings) {

    /** A finding, and where it is in the file; both numbers begin with 1. */
    public record Located(Finding finding, int line, int column) {}

    /** Checks a definition's text. */
    public static Report of(String file, String text, WorkflowType type) {
        return of(
                file,
                text,
                switch (StateMachine.parse(text, type)) {
                    case Parsed.Valid(var _, var warnings) -> warnings;
                    case Parsed.Invalid(var findings) -> findings;
                });
    }

    /** What is known to be wrong with a definition's text, with the places. */
    public static Report of(String file, String text, List<Finding> findings) {
        var positions = Positions.of(text);
        return new Report(
                file,
                findings.stream()
                        .map(finding -> {
                            var position = positions.of(finding);
                            return new Located(finding, position.line(), position.column());
                        })
                        .sorted(Comparator.comparing(Located::line).thenComparing(Located::column))
                        .toList());
    }

    /** Whether the definition can be used. */
    public boolean valid() {
        return count(Finding.Severity.ERROR) == 0;
    }

    /** For people, and for editors that jump to {@code file:line:column}. */
    public void print(PrintWriter out) {
        for (var located : findings) {
            var finding = located.finding();
            out.printf(
                    "%s:%d:%d: %s %s%s%n",
                    file,
                    located.line(),
                    located.column(),
                    finding.severity().name().toLowerCase(Locale.ROOT),
                    finding.code(),
                    finding.path().startsWith("/") ? " " + finding.path() : "");
            // Of a text that is no JSON, the message goes on with the text itself.
            var message = finding.message().lines().findFirst().orElse("");
            out.printf("    %s%n    fix: %s%n", message, finding.fix());
        }
        out.printf(
                "%s: %s%s%n",
                file,
                valid() ? "valid" : counted(Finding.Severity.ERROR, "error"),
                count(Finding.Severity.WARNING) == 0 ? "" : ", " + counted(Finding.Severity.WARNING, "warning"));
    }

    /** For programs: the answer of AWS's ValidateStateMachineDefinition, with the file, the places and the fixes added. */
    public ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("file", file).put("result", valid() ? "OK" : "FAIL");
        var diagnostics = json.putArray("diagnostics");
        for (var located : findings) {
            var finding = located.finding();
            diagnostics
                    .addObject()
                    .put("severity", finding.severity().name())
                    .put("code", finding.code())
                    .put("message", finding.message())
                    .put("location", finding.path())
                    .put("line", located.line())
                    .put("column", located.column())
                    .put("fix", finding.fix());
        }
        return json;
    }

    private long count(Finding.Severity severity) {
        return findings.stream()
                .filter(located -> located.finding().severity() == severity)
                .count();
    }

    private String counted(Finding.Severity severity, String what) {
        var count = count(severity);
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
