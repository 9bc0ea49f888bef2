package io.stepstream.integrations.items.reader;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A JSON document with an array: the document itself, or what a pointer into it finds. A position's offset is that of the byte behind
 * the last value taken; from there on it is parsed as the rest of an array, so only the first page looks for the array.
 *
 * @param pointer {@code ItemsPointer}, RFC 6901; empty for the document itself
 */
record JsonItems(ItemsPointer pointer) implements ItemFormat {

    /** What stands in for the values taken before: the rest goes on behind a value, with a comma or the array's end. */
    private static final String TAKEN_BEFORE = "[0";

    private static final ObjectReader ITEM =
            ItemJson.MAPPER.readerFor(JsonNode.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @Override
    public Optional<Position> read(Content content, Position from, Page page) throws ItemReaderFailed, IOException {
        var reading = new Reading(content, from);
        try (JsonParser parser = reading.open()) {
            if (from.equals(Position.START)) {
                if (content.size() == 0) {
                    throw new ItemReaderFailed(
                            content.name() + " is empty; with InputType JSON it must hold a JSON array");
                }
                pointer.moveTo(parser, content);
            } else {
                parser.nextToken();
                parser.nextToken();
            }
            return reading.items(parser, page, from);
        } catch (ContentStream.TooLong e) {
            throw new ItemReaderFailed(
                    "item " + (reading.row + 1) + " of " + content.name() + " (at byte " + reading.taken
                            + ") is longer than " + ContentStream.LONGEST_ITEM
                            + " bytes; keep large content in an object of its own",
                    e);
        } catch (JsonProcessingException e) {
            long offset = Math.max(0, reading.offset(e.getLocation().getByteOffset()));
            throw new ItemReaderFailed(
                    content.name() + " is not valid JSON in UTF-8 at byte " + offset + ", near item "
                            + (reading.row + 1) + ": " + e.getOriginalMessage() + "; correct the file",
                    e);
        }
    }

    /** One page's way through a document. */
    private final class Reading {
        private final Content content;
        private final ContentStream stream;
        private final InputStream input;
        /** What to add to the parser's offsets to have the file's. */
        private final long base;

        private long taken;
        private long row;

        Reading(Content content, Position from) throws ItemReaderFailed, IOException {
            this.content = content;
            this.row = from.row();
            if (from.equals(Position.START)) {
                base = ContentStream.beginning(content);
                stream = new ContentStream(content, base);
                input = stream;
            } else {
                base = from.offset() - TAKEN_BEFORE.length();
                stream = new ContentStream(content, from.offset());
                input = new SequenceInputStream(
                        new ByteArrayInputStream(TAKEN_BEFORE.getBytes(StandardCharsets.US_ASCII)), stream);
            }
            taken = from.offset();
        }

        JsonParser open() throws IOException {
            return ItemJson.MAPPER.getFactory().createParser(input);
        }

        long offset(long parsed) {
            return base + parsed;
        }

        Optional<Position> items(JsonParser parser, Page page, Position from) throws ItemReaderFailed, IOException {
            Position before = from;
            while (true) {
                stream.fenceItem(offset(parser.currentLocation().getByteOffset()));
                if (parser.nextToken() == JsonToken.END_ARRAY) {
                    endOfArray(parser);
                    return Optional.empty();
                }
                JsonNode item = ITEM.readValue(parser);
                String json = ItemJson.MAPPER.writeValueAsString(item);
                long start = taken;
                long number = row + 1;
                if (page.offer(json, () -> "item " + number + " of " + content.name() + " (behind byte " + start + ")")
                        == Page.Taken.FULL) {
                    return Optional.of(before);
                }
                row++;
                taken = offset(parser.currentLocation().getByteOffset());
                before = new Position(taken, row);
            }
        }

        /** What follows the items' array is looked at only where nothing may follow. */
        private void endOfArray(JsonParser parser) throws ItemReaderFailed, IOException {
            if (pointer.isWholeDocument() && parser.nextToken() != null) {
                throw new ItemReaderFailed(content.name() + " goes on behind its array, at byte "
                        + offset(parser.currentTokenLocation().getByteOffset())
                        + "; with InputType JSON it must be one JSON value. Is it JSON Lines (InputType JSONL)?");
            }
        }
    }
}
