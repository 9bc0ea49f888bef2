package io.stepstream.integrations.items.reader;

import java.io.IOException;
import java.util.Optional;

/** How a file holds items. */
sealed interface ItemFormat permits CsvItems, JsonItems, JsonLinesItems {

    /**
     * Offers items to a page, from a position on.
     *
     * @param from {@link Position#START}, or what an earlier call answered for the same content
     * @return where to go on; empty when the file has no more items
     * @throws ItemReaderFailed if the content is not of this format
     */
    Optional<Position> read(Content content, Position from, Page page) throws ItemReaderFailed, IOException;
}
