package io.stepstream.asl.definition;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Expression;
import java.util.Optional;

/**
 * How a distributed Map puts items together: each child execution gets {@code {"BatchInput": ..., "Items": [...]}}.
 *
 * @param maxItems most items of a batch
 * @param maxInputBytes most bytes of a batch
 * @param batchInput the same in every batch
 */
public record ItemBatcher(
        Optional<Expression<Long>> maxItems,
        Optional<Expression<Long>> maxInputBytes,
        Optional<Expression<Document>> batchInput) {}
