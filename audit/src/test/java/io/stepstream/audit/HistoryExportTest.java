package io.stepstream.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.audit.export.Csv;
import io.stepstream.audit.export.HistoryExport;
import io.stepstream.audit.export.HistoryExport.Format;
import io.stepstream.audit.export.HistoryExport.Written;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.records.ExecutionNames;
import io.stepstream.audit.records.HistorySelection;
import io.stepstream.audit.records.ShownPayloads;
import io.stepstream.schemas.avro.HistoryRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is exported is what is in the log, but for its secrets. */
class HistoryExportTest {
    private static final MemoryLog LOG = RandomWorld.record(7, 3, 6, 4);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private String export(LogSource log, HistorySelection selection, Format format) throws IOException {
        HistoryExport.write(log, Optional.empty(), selection, format, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLineOfJsonForEachRecord() throws Exception {
        var lines = export(LOG, HistorySelection.ALL, Format.JSONL).lines().toList();

        var entries = Entries.of(LOG);
        assertThat(lines).hasSameSizeAs(entries);
        for (var i = 0; i < lines.size(); i++) {
            JsonNode json = new ObjectMapper().readTree(lines.get(i));
            var record = entries.get(i).record();
            assertThat(json.path("offset").asLong())
                    .isEqualTo(entries.get(i).stored().offset());
            assertThat(json.path("executionArn").asText()).isEqualTo(record.getExecutionArn());
            assertThat(json.path("step").asLong()).isEqualTo(record.getStep());
            assertThat(json.path("command").path("type").asText()).isNotEmpty();
            assertThat(json.path("events")).hasSize(record.getEvents().size());
            assertThat(json.path("tokens"))
                    .allMatch(token -> token.path("token").asText().equals("***"));
            assertThat(json.has("payloads")).isFalse();
        }
        assertThat(lines.getFirst()).contains("\"type\":\"Started\"").contains("\"input\":{\"n\":");
    }

    @Test
    void aRowForEachEvent() throws Exception {
        var rows = rows(export(LOG, HistorySelection.ALL, Format.CSV));

        var events = Entries.of(LOG).stream()
                .mapToInt(entry -> Math.max(1, entry.record().getEvents().size()))
                .sum();
        assertThat(rows).hasSize(1 + events);
        assertThat(rows).allMatch(row -> row.size() == rows.getFirst().size());
        assertThat(rows.get(1).get(rows.getFirst().indexOf("type"))).isEqualTo("ExecutionStarted");
        assertThat(rows.get(1).get(rows.getFirst().indexOf("command"))).isEqualTo("Started");
        assertThat(rows.get(1).get(rows.getFirst().indexOf("principal"))).isEqualTo("somebody");
    }

    @Test
    void anAvroContainerThatAnyReaderReads() throws Exception {
        var written = HistoryExport.write(LOG, Optional.empty(), HistorySelection.ALL, Format.AVRO, out);

        var read = new ArrayList<GenericRecord>();
        try (var reader = new DataFileReader<GenericRecord>(
                new SeekableByteArrayInput(out.toByteArray()), new GenericDatumReader<>())) {
            assertThat(reader.getSchema()).isEqualTo(HistoryRecord.SCHEMA$);
            reader.forEach(read::add);
        }
        var entries = Entries.of(LOG);
        assertThat(written.records()).isEqualTo(entries.size());
        assertThat(read).hasSameSizeAs(entries);
        for (var i = 0; i < read.size(); i++) {
            var record = entries.get(i).record();
            assertThat(read.get(i).get("executionArn")).hasToString(record.getExecutionArn());
            assertThat(read.get(i).get("effectsDigest")).isEqualTo(record.getEffectsDigest());
            assertThat((List<?>) read.get(i).get("events")).hasSameSizeAs(record.getEvents());
        }
    }

    @ParameterizedTest
    @EnumSource
    void noSecretLeavesTheLog(Format format) throws Exception {
        var tokens = Entries.tokens(LOG);
        assertThat(tokens)
                .isNotEmpty()
                .allMatch(token -> ShownPayloads.hidden("<" + token + ">").equals("<***>"));

        if (format == Format.AVRO) {
            HistoryExport.write(LOG, Optional.empty(), HistorySelection.ALL, format, out);
            var read = new StringBuilder();
            try (var reader = new DataFileReader<GenericRecord>(
                    new SeekableByteArrayInput(out.toByteArray()), new GenericDatumReader<>())) {
                reader.forEach(read::append);
            }
            assertThat(tokens).noneMatch(read.toString()::contains);
        } else {
            assertThat(tokens).noneMatch(export(LOG, HistorySelection.ALL, format)::contains);
        }
    }

    @Test
    void aPartOfTheHistory() throws Exception {
        var entries = Entries.of(LOG);
        var from = entries.get(entries.size() / 4).record().getNow();
        var to = from.plusSeconds(2);
        var selection = new HistorySelection(Optional.of(from), Optional.of(to), Optional.of("machine-2"));
        var meant = entries.stream()
                .filter(entry -> ExecutionNames.stateMachine(entry.record().getExecutionArn())
                                .equals("machine-2")
                        && !entry.record().getNow().isBefore(from)
                        && entry.record().getNow().isBefore(to))
                .count();

        assertThat(HistoryExport.write(LOG, Optional.empty(), selection, Format.JSONL, out)
                        .records())
                .isEqualTo(meant);
    }

    @Test
    void whatCannotBeReadIsMissingAndTold() throws Exception {
        var log = LOG.copy();
        var records = log.of(LogTopic.HISTORY, 1);
        var touched = records.get(2);
        records.set(
                2,
                new LogRecord(
                        1,
                        touched.offset(),
                        touched.timestamp(),
                        touched.key(),
                        Optional.of(Bytes.wrap(new byte[] {0, 0, 0})),
                        List.of()));

        Written written = HistoryExport.write(log, Optional.empty(), HistorySelection.ALL, Format.JSONL, out);

        assertThat(written.damaged()).isEqualTo(1);
        assertThat(written.damage().getFirst().partition()).isEqualTo(1);
        assertThat(written.damage().getFirst().offset()).isEqualTo(touched.offset());
        assertThat(written.records()).isEqualTo(Entries.of(LOG).size() - 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "plain      | plain",
                "a,b        | \"a,b\"",
                "say \"x\"  | \"say \"\"x\"\"\"",
                "=1+1       | '=1+1",
                "@SUM(A1)   | '@SUM(A1)",
                "-12.5      | -12.5",
                "-cmd       | '-cmd",
            })
    void csvIsQuotedAndIsNoFormula(String field, String written) throws Exception {
        var text = new StringBuilder();
        new Csv(text).row(List.of(field, "next"));
        assertThat(text).hasToString(written + ",next\r\n");
    }

    /** RFC 4180, read as simply as it can be. */
    static List<List<String>> rows(String csv) {
        var rows = new ArrayList<List<String>>();
        var row = new ArrayList<String>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < csv.length(); i++) {
            var c = csv.charAt(i);
            if (c == '"' && quoted && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    rows.add(List.copyOf(row));
                    row.clear();
                }
            } else if (quoted || c != '\r') {
                field.append(c);
            }
        }
        return rows;
    }
}
