package io.stepstream.asl.definition;

import java.util.Optional;

/**
 * What makes a Map state a distributed one: its iterations are executions of their own.
 *
 * @param executionType of those executions
 * @param label begins the name of its Map Run; without one the state's name does
 * @param itemReader where items come from that are not in the state's input
 * @param itemBatcher how items are put together
 * @param resultWriter where results go that do not go into the state's output
 */
public record Distribution(
        WorkflowType executionType,
        Optional<String> label,
        Optional<ItemReader> itemReader,
        Optional<ItemBatcher> itemBatcher,
        Optional<ResultWriter> resultWriter) {}
