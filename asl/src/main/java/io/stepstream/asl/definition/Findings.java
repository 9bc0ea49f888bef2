package io.stepstream.asl.definition;

import io.stepstream.asl.definition.Finding.Severity;
import java.util.ArrayList;
import java.util.List;

/** Collects what is found in one definition. */
final class Findings {

    /** AWS's code for everything that is not as the language has it. */
    static final String SCHEMA = "SCHEMA_VALIDATION_FAILED";

    /** AWS's code for transitions that lead nowhere, and for states that none leads to. */
    static final String TRANSITION = "MISSING_TRANSITION_TARGET";

    static final String DUPLICATE_STATE = "DUPLICATE_STATE_NAME";
    static final String NO_END = "MISSING_END_STATE";
    static final String NOT_JSON = "INVALID_JSON_DESCRIPTION";
    static final String NO_TIMEOUT = "MISSING_TIMEOUT";
    static final String UNRESOLVED_RESOURCE = "UNRESOLVED_RESOURCE";

    private final List<Finding> found = new ArrayList<>();

    void schema(String path, String message, String fix) {
        error(SCHEMA, path, message, fix);
    }

    void error(String code, String path, String message, String fix) {
        found.add(new Finding(Severity.ERROR, code, path, message, fix));
    }

    void warning(String code, String path, String message, String fix) {
        found.add(new Finding(Severity.WARNING, code, path, message, fix));
    }

    boolean anyError() {
        return found.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
    }

    List<Finding> all() {
        return List.copyOf(found);
    }
}
