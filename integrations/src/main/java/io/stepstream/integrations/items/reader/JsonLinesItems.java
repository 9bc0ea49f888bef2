package io.stepstream.integrations.items.reader;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** JSON Lines: a JSON value on every line. Empty lines are passed over. A position's offset is that of a line's first byte. */
record JsonLinesItems() implements ItemFormat {

    @Override
    public Optional<Position> read(Content content, Position from, Page page) throws ItemReaderFailed, IOException {
        long beginning = from.equals(Position.START) ? ContentStream.beginning(content) : from.offset();
        var stream = new ContentStream(content, beginning);
        long row = from.row();
        while (true) {
            long lineStart = stream.position();
            Optional<byte[]> line = line(content, stream, row);
            if (line.isEmpty()) {
                return Optional.empty();
            }
            if (isBlank(line.get())) {
                continue;
            }
            String json = json(content, line.get(), row, lineStart);
            long item = row;
            if (page.offer(json, () -> where(content, item, lineStart)) == Page.Taken.FULL) {
                return Optional.of(new Position(lineStart, row));
            }
            row++;
        }
    }

    private static Optional<byte[]> line(Content content, ContentStream stream, long row)
            throws ItemReaderFailed, IOException {
        long lineStart = stream.position();
        stream.fenceItem(lineStart);
        try {
            return stream.line();
        } catch (ContentStream.TooLong e) {
            throw new ItemReaderFailed(
                    where(content, row, lineStart) + " is longer than " + ContentStream.LONGEST_ITEM
                            + " bytes; put every item on a line of its own",
                    e);
        }
    }

    private static String json(Content content, byte[] line, long row, long lineStart)
            throws ItemReaderFailed, IOException {
        try {
            // As text: of bytes, the parser would guess another encoding.
            JsonNode item = ItemJson.MAPPER.readTree(utf8(line));
            return ItemJson.MAPPER.writeValueAsString(item);
        } catch (JsonProcessingException e) {
            throw new ItemReaderFailed(
                    where(content, row, lineStart) + " is not one JSON value: " + e.getOriginalMessage()
                            + "; correct that line",
                    e);
        } catch (CharacterCodingException e) {
            throw new ItemReaderFailed(where(content, row, lineStart) + " is not UTF-8; convert the file", e);
        }
    }

    private static String utf8(byte[] line) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private static String where(Content content, long row, long offset) {
        return "item " + (row + 1) + " of " + content.name() + " (line at byte " + offset + ")";
    }
}
