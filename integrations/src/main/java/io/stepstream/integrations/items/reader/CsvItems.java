package io.stepstream.integrations.items.reader;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Delimited text (RFC 4180): an item is an object of a record's fields, all strings. A field that a record lacks is an empty string, one
 * beyond the headers is left out. A position's offset is that of a record's first byte.
 *
 * <p>It is parsed as ISO 8859-1, where a character is a byte, so that the parser's positions are offsets; what has a meaning to it
 * is ASCII, and no byte of a longer UTF-8 sequence is. The fields are UTF-8.
 *
 * @param given the headers; empty when they are the first row
 */
record CsvItems(char delimiter, Optional<List<String>> given) implements ItemFormat {

    /** AWS's bound on the headers, in bytes. */
    static final int LONGEST_HEADER = 10 * 1024;

    private static final JsonStringEncoder QUOTER = JsonStringEncoder.getInstance();

    @Override
    public Optional<Position> read(Content content, Position from, Page page) throws ItemReaderFailed, IOException {
        long beginning = ContentStream.beginning(content);
        var reading = new Reading(content, from.equals(Position.START) ? beginning : from.offset(), from.row());
        try {
            List<String> headers = given.isPresent() ? given.get() : firstRow(content, beginning);
            requireDistinct(headers);
            Iterator<CSVRecord> records = reading.records(delimiter);
            if (from.equals(Position.START) && given.isEmpty()) {
                records.next();
            }
            return reading.items(records, quoted(headers), page);
        } catch (UncheckedIOException e) {
            throw reading.failed(Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw reading.failed(e);
        }
    }

    private List<String> firstRow(Content content, long beginning) throws ItemReaderFailed, IOException {
        var stream = new ContentStream(content, beginning);
        stream.fenceAt(beginning + LONGEST_HEADER);
        try (CSVParser parser = parser(stream, delimiter, beginning)) {
            Iterator<CSVRecord> records = parser.iterator();
            if (!records.hasNext()) {
                throw new ItemReaderFailed(content.name()
                        + " has no header row; with CSVHeaderLocation FIRST_ROW its first row must hold the headers");
            }
            List<String> headers = new ArrayList<>();
            for (String field : records.next()) {
                headers.add(text(field));
            }
            return headers;
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof ContentStream.TooLong) {
                throw new ItemReaderFailed(
                        "the header row of " + content.name() + " is longer than " + LONGEST_HEADER
                                + " bytes; shorten it, or give the headers in CSVHeaders",
                        e);
            }
            throw e;
        }
    }

    private static void requireDistinct(List<String> headers) throws ItemReaderFailed {
        if (new HashSet<>(headers).size() < headers.size()) {
            throw new ItemReaderFailed("CSV headers cannot contain duplicates.");
        }
    }

    /** Each header as the JSON text of a field's name, with its colon. */
    private static List<String> quoted(List<String> headers) {
        return headers.stream()
                .map(header -> "\"" + new String(QUOTER.quoteAsString(header)) + "\":")
                .toList();
    }

    private static CSVParser parser(ContentStream stream, char delimiter, long from) throws IOException {
        return CSVParser.builder()
                .setReader(new InputStreamReader(stream, StandardCharsets.ISO_8859_1))
                .setFormat(CSVFormat.RFC4180
                        .builder()
                        .setDelimiter(delimiter)
                        .setIgnoreEmptyLines(true)
                        .get())
                .setCharacterOffset(from)
                .get();
    }

    /** A field as it is meant, of which the parser saw bytes. */
    private static String text(String bytes) throws CharacterCodingException {
        for (int i = 0; i < bytes.length(); i++) {
            if (bytes.charAt(i) >= 0x80) {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                        .toString();
            }
        }
        return bytes;
    }

    private static String json(CSVRecord row, List<String> quotedHeaders) throws CharacterCodingException {
        var json = new StringBuilder("{");
        for (int i = 0; i < quotedHeaders.size(); i++) {
            if (i > 0) {
                json.append(',');
            }
            json.append(quotedHeaders.get(i)).append('"');
            if (i < row.size()) {
                QUOTER.quoteAsString(text(row.get(i)), json);
            }
            json.append('"');
        }
        return json.append('}').toString();
    }

    /** One page's way through a file. */
    private static final class Reading {
        private final Content content;
        private final ContentStream stream;
        private long recordStart;
        private long row;

        Reading(Content content, long from, long row) {
            this.content = content;
            this.stream = new ContentStream(content, from);
            this.recordStart = from;
            this.row = row;
        }

        /** Closing the parser would close nothing but the stream, which holds nothing. */
        Iterator<CSVRecord> records(char delimiter) throws IOException {
            stream.fenceItem(recordStart);
            return parser(stream, delimiter, recordStart).iterator();
        }

        Optional<Position> items(Iterator<CSVRecord> records, List<String> quotedHeaders, Page page)
                throws ItemReaderFailed, IOException {
            while (records.hasNext()) {
                CSVRecord csv = records.next();
                recordStart = csv.getCharacterPosition();
                if (page.offer(json(csv, quotedHeaders), this::where) == Page.Taken.FULL) {
                    return Optional.of(new Position(recordStart, row));
                }
                row++;
                stream.fenceItem(stream.position());
            }
            return Optional.empty();
        }

        ItemReaderFailed failed(IOException e) throws IOException {
            return switch (e) {
                case ContentStream.TooLong tooLong ->
                    new ItemReaderFailed(
                            "a row of " + content.name() + " " + nearby() + " is longer than "
                                    + ContentStream.LONGEST_ITEM
                                    + " bytes; is a quotation mark not closed? Correct the file",
                            tooLong);
                case CharacterCodingException encoding ->
                    new ItemReaderFailed(where() + " is not UTF-8; convert the file", encoding);
                case CSVException malformed ->
                    new ItemReaderFailed(
                            content.name() + " is not CSV as of RFC 4180 " + nearby()
                                    + ": a quotation mark is not closed, or something stands between it and the next delimiter."
                                    + " Quote fields with delimiters, line breaks or quotation marks, and double these",
                            malformed);
                default -> throw e;
            };
        }

        /** Where something is that the parser does not get through: it has told of the record before it. */
        private String nearby() {
            return "behind byte " + recordStart + " (row " + (row + 1) + ")";
        }

        private String where() {
            return "row " + (row + 1) + " of " + content.name() + " (at byte " + recordStart + ")";
        }
    }
}
