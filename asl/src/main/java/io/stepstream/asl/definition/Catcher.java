package io.stepstream.asl.definition;

import io.stepstream.asl.data.DataFlow;

/**
 * One entry of a Catch list.
 *
 * @param flow its ResultPath and Assign, or Output and Assign; its result is the error output
 */
public record Catcher(ErrorEquals errorEquals, String next, DataFlow flow) {}
