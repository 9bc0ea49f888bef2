package io.stepstream.asl.rehearsal;

import io.stepstream.asl.execution.Rows;
import io.stepstream.asl.execution.Step;

/** The rows of one execution, and a place to write them to. */
public interface RowStore extends Rows {

    /** Makes the step's row changes. */
    void apply(Step step);
}
