package io.stepstream.asl.definition;

/** Names of the tasks that the workers which come with Stepstream do for a distributed Map. */
public final class BuiltInTasks {
    /** Reads a page of items. */
    public static final String ITEM_READER = "stepstream-item-reader";

    /** Writes a part of the results, or their manifest. */
    public static final String RESULT_WRITER = "stepstream-result-writer";

    /** The one resource of a ResultWriter. */
    public static final String PUT_OBJECT = "arn:aws:states:::s3:putObject";

    private BuiltInTasks() {}
}
