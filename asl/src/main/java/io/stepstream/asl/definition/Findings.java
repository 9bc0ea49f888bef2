package io.stepstream.asl.definition;

import io.stepstream.asl.data.Problem;
import io.stepstream.asl.definition.Finding.Severity;
import java.util.ArrayList;
import java.util.List;

/** Collects what is found in one definition: what is wrong, and which variables are referred to. */
final class Findings {

    private final List<Finding> found = new ArrayList<>();
    private final References references = new References();

    /** A rule is broken at this place; the arguments are those of its texts. */
    void add(Rule rule, String path, Object... arguments) {
        found.add(rule.at(path, arguments));
    }

    /** What an expression's compilation found at this place. */
    void add(Problem problem, String path) {
        switch (problem) {
            case Problem.NoSelection(var field, var reason) -> add(Rule.SELECTION, path, field, reason);
            case Problem.DuplicateField(var field) -> add(Rule.DUPLICATE_FIELD, path, field);
            case Problem.NoMarks(var text) -> add(Rule.EXPRESSION_MARKS, path, text);
            case Problem.NoJsonata(var reason) -> add(Rule.JSONATA, path, reason);
            case Problem.TopLevelReference(var name) -> add(Rule.JSONATA_REFERENCE, path, name);
            case Problem.NoDollar(var field) -> add(Rule.NO_DOLLAR, path, field);
        }
    }

    References references() {
        return references;
    }

    boolean anyError() {
        return found.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
    }

    List<Finding> all() {
        return List.copyOf(found);
    }
}
