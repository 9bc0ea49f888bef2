package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.util.Optional;

/**
 * The execution that started this one: where its reports go.
 *
 * @param executionArn the parent's ARN
 * @param ticket the wait of the parent that the child belongs to
 * @param binding what that wait is bound to; a report with another one is stale
 * @param interest what the parent wants to hear of
 * @param item which item of a Map run the child is, if it is one
 */
public record Parent(String executionArn, long ticket, String binding, Interest interest, Optional<MapItem> item) {

    /** What a parent wants to hear of its child. That it has started, or why it has not, it always hears. */
    public enum Interest {
        /** Only of the start; the child is on its own from then on. */
        START,
        /** Of its end too, with its output. The parent may cancel it. */
        OUTPUT,
        /** Of its end too, with all that describes it. The parent may cancel it. */
        DESCRIPTION;

        /** Whether the child's end is waited for. */
        public boolean inEnd() {
            return this != START;
        }
    }

    /**
     * One item, or one batch of items, of a Map run.
     *
     * @param state name of the Map state, whose processor the child runs
     * @param index from 0
     * @param runArn the Map run's ARN
     * @param items how many items the child is given
     * @param value the item, as {@code $$.Map.Item.Value} shows it; none of a batch
     */
    public record MapItem(String state, int index, String runArn, int items, Optional<Document> value) {}

    /** This parent, when it wants to hear no more. */
    Parent dismissed() {
        return new Parent(executionArn, ticket, binding, Interest.START, item);
    }

    /** This parent as the child's row keeps it: the item is in the child's frame. */
    public Parent stored() {
        return new Parent(
                executionArn,
                ticket,
                binding,
                interest,
                item.map(which ->
                        new MapItem(which.state(), which.index(), which.runArn(), which.items(), Optional.empty())));
    }

    /** This parent, of the child of a Map run that is this item. */
    Parent of(MapItem known) {
        return new Parent(executionArn, ticket, binding, interest, Optional.of(known));
    }

    /** Whether this is the same wait of the same execution. */
    boolean isSameWaitAs(Parent other) {
        return executionArn.equals(other.executionArn) && ticket == other.ticket && binding.equals(other.binding);
    }
}
