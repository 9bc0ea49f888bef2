package io.stepstream.asl.definition;

/**
 * One problem of a definition.
 *
 * @param severity whether the definition can be used in spite of it
 * @param code AWS's diagnostic code, such as {@code SCHEMA_VALIDATION_FAILED}
 * @param path where, as AWS writes it ({@code /States/A/Next}); for a text that is no JSON, line and column
 * @param message what is wrong, in AWS's words where they are known
 * @param fix what to do about it
 */
public record Finding(Severity severity, String code, String path, String message, String fix) {

    /** Whether the definition can be used in spite of a finding. */
    public enum Severity {
        ERROR,
        WARNING
    }

    @Override
    public String toString() {
        return severity + " " + code + " at " + path + ": " + message + " (" + fix + ")";
    }
}
