package io.stepstream.asl.data;

/** What can be found wrong while a template is compiled. */
public sealed interface Problem {

    /** The value of a {@code .$} key is neither a path nor an intrinsic function's call. */
    record NoSelection(String field, String reason) implements Problem {}

    /** A key is given with and without {@code .$}. */
    record DuplicateField(String field) implements Problem {}

    /** A text looks like a JSONata expression, but there is no blank inside its marks. */
    record NoMarks(String text) implements Problem {}

    /** An expression is not JSONata; the reason is JSONata's own. */
    record NoJsonata(String reason) implements Problem {}

    /** A JSONata expression begins with a name, but there is nothing that the name could be looked up in. */
    record TopLevelReference(String name) implements Problem {}

    /** The value of a key without {@code .$} looks like a path or an intrinsic function's call. */
    record NoDollar(String field) implements Problem {}
}
