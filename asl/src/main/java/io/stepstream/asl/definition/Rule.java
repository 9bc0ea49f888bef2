package io.stepstream.asl.definition;

import io.stepstream.asl.definition.Finding.Severity;

/**
 * The rules of a definition: one row a rule, with AWS's diagnostic code, and AWS's words where they are known. {@code %s} in message
 * and fix stands for the same arguments.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html">AWS's
 *     codes</a>
 */
enum Rule {
    JSON(Code.INVALID_JSON_DESCRIPTION, "%s", "Mend the JSON at this place"),
    DEFINITION_OBJECT(
            Code.SCHEMA_VALIDATION_FAILED,
            "Definition must be a valid JSON object",
            "Give an object with StartAt and States"),
    DEFINITION_SIZE(Code.SCHEMA_VALIDATION_FAILED, "The definition is larger than %s bytes", "Make it smaller"),
    VERSION(Code.SCHEMA_VALIDATION_FAILED, "Version must be \"1.0\"", "Give \"1.0\" or leave it out"),

    REQUIRED_FIELDS(Code.SCHEMA_VALIDATION_FAILED, "These fields are required: %s", "Add what is missing"),
    REQUIRED_FIELD(Code.SCHEMA_VALIDATION_FAILED, "The field '%s' is required but was missing", "Add it"),
    ONE_FIELD(Code.SCHEMA_VALIDATION_FAILED, "One of these fields is required: %s", "Add one of them"),
    ONLY_ONE_FIELD(
            Code.SCHEMA_VALIDATION_FAILED,
            "There should only be one of the following fields: %s",
            "Keep one of them; these are given: %s"),
    UNSUPPORTED_FIELD(Code.SCHEMA_VALIDATION_FAILED, "Field '%s' is not supported", "Remove it, or mend its name"),
    OTHER_QUERY_LANGUAGE(
            Code.SCHEMA_VALIDATION_FAILED,
            "The QueryLanguage is set to '%s', but field '%s' is only supported for the '%s' QueryLanguage",
            "Use the fields of %1$s, or set the state's QueryLanguage to %3$s"),
    QUERY_LANGUAGE_BACK(
            Code.SCHEMA_VALIDATION_FAILED,
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
            "Set JSONPath for the machine and JSONata for single states, or use JSONata here"),

    VALUE_TYPE(Code.SCHEMA_VALIDATION_FAILED, "Expected value of type %s", "Give a value of that type"),
    VALUE_CHOICE(
            Code.SCHEMA_VALIDATION_FAILED, "The field '%s' should have one of these values: %s", "Give one of them"),
    VALUE_EMPTY(Code.SCHEMA_VALIDATION_FAILED, "Value cannot be empty", "Give at least one entry"),
    VALUE_LOW(Code.SCHEMA_VALIDATION_FAILED, "Minimum value is %s", "Raise the value, which is %s"),
    VALUE_HIGH(Code.SCHEMA_VALIDATION_FAILED, "Maximum value is %s", "Lower the value, which is %s"),
    TIMESTAMP(
            Code.SCHEMA_VALIDATION_FAILED,
            "String does not match RFC3339 timestamp",
            "Write it as 2026-01-31T12:00:00Z, with T and an offset"),
    HEARTBEAT_TOO_LONG(
            Code.SCHEMA_VALIDATION_FAILED,
            "HeartbeatSeconds must be smaller than TimeoutSeconds",
            "Lower HeartbeatSeconds or raise TimeoutSeconds"),

    PATH(Code.SCHEMA_VALIDATION_FAILED, "Value is not a valid JSONPath", "Mend the path: %s"),
    REFERENCE_PATH(Code.SCHEMA_VALIDATION_FAILED, "Value is not a Reference Path", "Mend the path: %s"),
    SELECTION(
            Code.SCHEMA_VALIDATION_FAILED,
            "The value for the field '%s' must be a valid JSONPath or a valid intrinsic function call",
            "Mend the value: %s"),
    DUPLICATE_FIELD(
            Code.SCHEMA_VALIDATION_FAILED,
            "Duplicate field '%s': both '%1$s' and '%1$s.$' are given",
            "Keep one of the two"),
    EXPRESSION_MARKS(
            Code.SCHEMA_VALIDATION_FAILED,
            "The JSONata expression '%s' is not valid",
            "Write one space or line break after {%% and one before %%}"),
    JSONATA(Code.INVALID_JSONATA_EXPRESSION, "%s", "Mend the expression"),
    JSONATA_REFERENCE(
            Code.UNSUPPORTED_JSONATA_EXPRESSION,
            "Reference to '%s' at the top level is not supported.",
            "An expression has no context of its own: begin with $states.input or with a variable"),

    VARIABLE_NAME(
            Code.SCHEMA_VALIDATION_FAILED,
            "The variable name '%s' is not valid",
            "Begin it with a letter or _, use letters, digits and _ only, at most 80 characters, and not 'states'"),
    VARIABLE_OUT_OF_REACH(
            Code.UNUSABLE_VARIABLE,
            "No expression can refer to the variable '%s': its name has a character that ends a name",
            "Use letters, digits and _ only"),
    OUTER_VARIABLE(
            Code.SCHEMA_VALIDATION_FAILED,
            "The variable '%s' is assigned in an outer scope, and cannot be assigned here",
            "Give it another name, or hand the value out as output and assign it there"),
    UNDEFINED_VARIABLE(
            Code.UNDEFINED_VARIABLE,
            "The variable '%s' is assigned by no state that can come before",
            "Assign it before, or mend its name"),

    CHOICE_OPERATOR(
            Code.SCHEMA_VALIDATION_FAILED,
            "A choice rule must have exactly one comparison operator, but has: %s",
            "Give one operator such as StringEquals, or And, Or, Not"),
    ALL_ERRORS_ALONE(
            Code.SCHEMA_VALIDATION_FAILED,
            "'States.ALL' must appear alone, and in the last entry of its list",
            "Move it to an entry of its own at the end"),

    RESOURCE(
            Code.SCHEMA_VALIDATION_FAILED,
            "Value is not a valid resource ARN",
            "Give the ARN of a function, an activity, a service integration, or arn:stepstream:kafka:::<topic>"),
    // The blank at the end is AWS's.
    EXPRESS(
            Code.SCHEMA_VALIDATION_FAILED,
            "Express state machine does not support %s ",
            "Make the state machine a STANDARD one"),

    DISTRIBUTED_IN_EXPRESS(
            Code.SCHEMA_VALIDATION_FAILED,
            "Express state machine does not support a Map state with 'Mode' 'DISTRIBUTED'",
            "Make the state machine a STANDARD one, or the Map inline"),
    LABEL_EMPTY(Code.SCHEMA_VALIDATION_FAILED, "Label cannot be empty", "Give it 1 to %s characters, or leave it out"),
    LABEL_LONG(Code.SCHEMA_VALIDATION_FAILED, "Label cannot exceed %s characters", "Shorten it"),
    LABEL_CHARACTER(
            Code.SCHEMA_VALIDATION_FAILED,
            "Label contains invalid character: '%s'",
            "Leave out white space, control characters and any of ? * < > { } [ ] : ; , \\ | ^ ~ $ # %% & ` \""),
    READER_RESOURCE(
            Code.SCHEMA_VALIDATION_FAILED,
            "Value is not a valid resource ARN",
            "Items can be read and results written by: %s"),
    PARQUET(
            Code.SCHEMA_VALIDATION_FAILED,
            "InputType 'PARQUET' is not supported",
            "Convert the object to CSV, JSON or JSONL"),
    JSON_POINTER(Code.SCHEMA_VALIDATION_FAILED, "Value is not a valid JSON Pointer", "Begin it with a slash: /items"),
    CSV_HEADERS(
            Code.SCHEMA_VALIDATION_FAILED,
            "CSVHeaders are given if, and only if, CSVHeaderLocation is 'GIVEN'",
            "Make the two agree"),

    STATE_NAME(Code.INVALID_STATE_NAME, "A state's name has 1 to %s characters, not %s", "Rename it"),
    STATE_NAME_TWICE(
            Code.DUPLICATE_STATE_NAME,
            "Duplicate State name: %s",
            "Rename one: names are unique in the whole state machine"),
    NESTING(
            Code.TOO_DEEPLY_NESTED,
            "Branches are nested deeper than %s",
            "Move the inner ones to a machine of their own"),
    TARGET(
            Code.MISSING_TRANSITION_TARGET,
            "Missing 'Next' target: %s",
            "Name a state of the same level, or add this one"),
    UNREACHABLE(
            Code.MISSING_TRANSITION_TARGET,
            "State \"%s\" is not reachable.",
            "Lead to it from another state, or remove it"),
    NO_END(
            Code.MISSING_END_STATE,
            "Workflow has no terminal state",
            "Give a state \"End\": true, or add a Succeed or Fail state"),

    NO_DOLLAR(
            Code.NO_DOLLAR,
            "The value of '%s' looks like a path or an intrinsic function, but is taken as it stands",
            "Name the field '%1$s.$' to have it evaluated"),
    NO_PATH(
            Code.NO_PATH,
            "The value of '%s' looks like a path, but is taken as it stands",
            "Use the field '%1$sPath' to have it evaluated"),
    STATIC_RESULT(
            Code.PASS_RESULT_IS_STATIC,
            "The Result of a Pass state is taken as it stands: '%s' is not evaluated",
            "Use Parameters instead of Result"),
    NO_TIMEOUT(
            Code.MISSING_TIMEOUT,
            "The state waits for a task token without any timeout: without an answer it waits for ever",
            "Add HeartbeatSeconds or TimeoutSeconds"),
    NOT_INLINE(
            Code.FIELD_WITHOUT_EFFECT,
            "The field '%s' does nothing when 'Mode' is 'INLINE', which it is unless another is given",
            "Remove it, or set Mode to DISTRIBUTED"),
    UNRESOLVED_RESOURCE(
            Code.UNRESOLVED_RESOURCE,
            "Nothing here carries out the resource '%s': the state will fail when it runs",
            "Give the ARN of a function, an activity or a service integration");

    /** AWS's codes, and behind them ours for warnings that AWS does not give. */
    private enum Code {
        INVALID_JSON_DESCRIPTION(Severity.ERROR),
        SCHEMA_VALIDATION_FAILED(Severity.ERROR),
        INVALID_JSONATA_EXPRESSION(Severity.ERROR),
        UNSUPPORTED_JSONATA_EXPRESSION(Severity.ERROR),
        INVALID_STATE_NAME(Severity.ERROR),
        DUPLICATE_STATE_NAME(Severity.ERROR),
        TOO_DEEPLY_NESTED(Severity.ERROR),
        MISSING_TRANSITION_TARGET(Severity.ERROR),
        MISSING_END_STATE(Severity.ERROR),
        NO_DOLLAR(Severity.WARNING),
        NO_PATH(Severity.WARNING),
        PASS_RESULT_IS_STATIC(Severity.WARNING),
        MISSING_TIMEOUT(Severity.WARNING),
        UNRESOLVED_RESOURCE(Severity.WARNING),
        UNUSABLE_VARIABLE(Severity.WARNING),
        UNDEFINED_VARIABLE(Severity.WARNING),
        FIELD_WITHOUT_EFFECT(Severity.WARNING);

        private final Severity severity;

        Code(Severity severity) {
            this.severity = severity;
        }
    }

    private final Code code;
    private final String message;
    private final String fix;

    Rule(Code code, String message, String fix) {
        this.code = code;
        this.message = message;
        this.fix = fix;
    }

    /** This rule broken at a place. */
    Finding at(String path, Object... arguments) {
        return new Finding(code.severity, code.name(), path, message.formatted(arguments), fix.formatted(arguments));
    }
}
