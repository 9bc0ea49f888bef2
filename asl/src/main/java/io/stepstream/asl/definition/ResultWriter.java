package io.stepstream.asl.definition;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Expression;
import java.util.Optional;

/**
 * What a distributed Map does with its results.
 *
 * @param destination where they are written; without one they are the state's result
 * @param outputType how they are written
 */
public record ResultWriter(Optional<Destination> destination, Transformation transformation, OutputType outputType) {

    /** {@code s3:putObject}, with its Parameters or Arguments: {@code Bucket} and {@code Prefix}. */
    public record Destination(Expression<Document> arguments) {}

    /** What is kept of a child execution. */
    public enum Transformation {
        /** Its output with all that tells of the execution. */
        NONE,
        /** Its output. */
        COMPACT,
        /** Its output; of an array, the entries. */
        FLATTEN
    }

    /** The form of what is written. */
    public enum OutputType {
        JSON,
        JSONL
    }
}
