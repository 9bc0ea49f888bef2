package io.stepstream.integrations.items.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.items.store.BucketSettings;
import io.stepstream.integrations.items.store.Buckets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What items a file gives under a reader's settings, and which cause a refusal has. */
class ItemReaderTest {

    private static final String FIRST_ROW = "{\"InputType\":\"CSV\",\"CSVHeaderLocation\":\"FIRST_ROW\"}";
    private static final String JSON = "{\"InputType\":\"JSON\"}";
    private static final String JSONL = "{\"InputType\":\"JSONL\"}";

    @TempDir
    Path folder;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(Buckets.open(BucketSettings.ofDirectories(Map.of("data", folder))), "data");
    }

    @AfterEach
    void close() {
        desk.close();
    }

    private static String delimited(String delimiter) {
        return "{\"InputType\":\"CSV\",\"CSVHeaderLocation\":\"FIRST_ROW\",\"CSVDelimiter\":\"" + delimiter + "\"}";
    }

    private static String given(String headers) {
        return "{\"InputType\":\"CSV\",\"CSVHeaderLocation\":\"GIVEN\",\"CSVHeaders\":" + headers + "}";
    }

    private static String pointed(String pointer) {
        return "{\"InputType\":\"JSON\",\"ItemsPointer\":\"" + pointer + "\"}";
    }

    static List<Arguments> contents() {
        return List.of(
                // CSV: everything is a string.
                row(FIRST_ROW, "a,b\n1,true\n", "[{'a':'1','b':'true'}]"),
                row(FIRST_ROW, "a,b\r\n1,2\r\n3,4", "[{'a':'1','b':'2'},{'a':'3','b':'4'}]"),
                row(FIRST_ROW, "a,b\n1\n1,2,3\n", "[{'a':'1','b':''},{'a':'1','b':'2'}]"),
                row(FIRST_ROW, "a\n\n1\n\n\n2\n\n", "[{'a':'1'},{'a':'2'}]"),
                row(FIRST_ROW, "a\n  \n\t\n", "[{'a':'  '},{'a':'\\t'}]"),
                row(FIRST_ROW, "a\n", "[]"),
                row(FIRST_ROW, "a,a b,ä\n€,\uD83D\uDE00,\u0001\n", "[{'a':'€','a b':'\uD83D\uDE00','ä':'\\u0001'}]"),
                row(FIRST_ROW, "\uFEFFa\n1\n", "[{'a':'1'}]"),
                row(FIRST_ROW, "\uFEFF\"a\"\n1\n", "[{'a':'1'}]"),
                row(FIRST_ROW, "a,b\n\"1,2\",\"x\ny\"\n", "[{'a':'1,2','b':'x\\ny'}]"),
                row(FIRST_ROW, "a,b\n\"1,2\",\"x\r\ny\"\r\n", "[{'a':'1,2','b':'x\\r\\ny'}]"),
                row(FIRST_ROW, "a\n\"say \"\"hi\"\"\"\n\"\"\n", "[{'a':'say \\\"hi\\\"'},{'a':''}]"),
                row(FIRST_ROW, "a\nsay \"hi\"\nc:\\dir\n", "[{'a':'say \\\"hi\\\"'},{'a':'c:\\\\dir'}]"),
                row(delimited("PIPE"), "a|b\n1|2,3\n", "[{'a':'1','b':'2,3'}]"),
                row(delimited("SEMICOLON"), "a;b\n1;2\n", "[{'a':'1','b':'2'}]"),
                row(delimited("SPACE"), "a b\n1 2\n", "[{'a':'1','b':'2'}]"),
                row(delimited("TAB"), "a\tb\n1\t2\n", "[{'a':'1','b':'2'}]"),
                row(delimited("COMMA"), "a,b\n1,2\n", "[{'a':'1','b':'2'}]"),
                row(given("['x','y']"), "a,b\n1,2\n", "[{'x':'a','y':'b'},{'x':'1','y':'2'}]"),
                row(given("['x']"), "a,b\n", "[{'x':'a'}]"),
                row(given("['x','y']"), "a\n", "[{'x':'a','y':''}]"),
                row(given("['x']"), "", "[]"),
                // JSON: values stay as they are written.
                row(JSON, "[1, 1.0, 1e3, 12345678901234567890, -0.50]", "[1,1.0,1E+3,12345678901234567890,-0.50]"),
                row(JSON, "[]", "[]"),
                row(JSON, " [ ] ", "[]"),
                row(JSON, "\uFEFF[\"a\"]", "['a']"),
                row(
                        JSON,
                        "[null, true, \"ä€\uD83D\uDE00\", [1,[2]], {\"a\":{\"b\":[]}}]\n",
                        "[null,true,'ä€\uD83D\uDE00',[1,[2]],{'a':{'b':[]}}]"),
                row(pointed(""), "[1]", "[1]"),
                row(pointed("/a/b"), "{\"z\":[9],\"a\":{\"c\":{\"b\":[8]},\"b\":[1,2]},\"y\":[7]}", "[1,2]"),
                row(pointed("/1/b"), "[{\"b\":[9]},{\"b\":[1]}]", "[1]"),
                row(pointed("/a~1b/m~0n"), "{\"a/b\":{\"m~n\":[1]}}", "[1]"),
                row(pointed("/a"), "{\"a\":[1]} and whatever", "[1]"),
                // JSON Lines.
                row(JSONL, "{\"a\":1}\n[2]\n\"3\"\n", "[{'a':1},[2],'3']"),
                row(JSONL, "1\r\n\r\n  \n2", "[1,2]"),
                row(JSONL, "\uFEFF1\n", "[1]"),
                row(JSONL, "", "[]"),
                row(JSONL, "\n\n", "[]"),
                // Never more than MaxItems; 0 is no bound.
                row("{\"InputType\":\"JSONL\",\"MaxItems\":2}", "1\n2\n3\n", "[1,2]"),
                row("{\"InputType\":\"JSONL\",\"MaxItems\":3}", "1\n2\n3\n", "[1,2,3]"),
                row("{\"InputType\":\"JSON\",\"MaxItems\":0}", "[1,2,3]", "[1,2,3]"),
                row("{\"InputType\":\"JSON\",\"MaxItems\":1}", "[1,2,3]", "[1]"));
    }

    private static Arguments row(String config, String content, String items) {
        return Arguments.of(config.replace('\'', '"'), content, items.replace('\'', '"'));
    }

    @ParameterizedTest
    @MethodSource("contents")
    void itemsOf(String config, String content, String items) throws Exception {
        desk.put("file", content);
        assertThat(desk.text(desk.object("file", config))).isEqualTo(items);
        assertThat(desk.all(desk.object("file", config), 1, Desk.LARGE)
                        .toString()
                        .replace(", ", ","))
                .as("item by item")
                .isEqualTo(items);
    }

    static List<Arguments> refusals() {
        String file = "s3://data/file";
        return List.of(
                Arguments.of(JSON, "{\"Hello\": \"world\"}", "Attempting to map over non-iterable node."),
                Arguments.of(JSON, "3", "Attempting to map over non-iterable node."),
                Arguments.of(JSON, "", file + " is empty"),
                Arguments.of(JSON, "  \n", "Attempting to map over non-iterable node."),
                Arguments.of(JSON, "[1,2", file + " is not valid JSON in UTF-8 at byte 4, near item 3"),
                Arguments.of(JSON, "[1 2]", file + " is not valid JSON in UTF-8 at byte "),
                Arguments.of(JSON, "[1]\n[2]", file + " goes on behind its array, at byte 4"),
                Arguments.of(
                        pointed("/a/x"), "{\"a\":{}}", "finds nothing in " + file + ": there is no \"x\" on its way"),
                Arguments.of(pointed("a"), "[]", "ReaderConfig.ItemsPointer \"a\" is no JSON pointer"),
                Arguments.of(pointed("/a"), "{\"a\":{}}", "Attempting to map over non-iterable node."),
                Arguments.of(JSONL, "1\n{\n3", "item 2 of " + file + " (line at byte 2) is not one JSON value: "),
                Arguments.of(JSONL, "1 2\n", "item 1 of " + file + " (line at byte 0) is not one JSON value: "),
                Arguments.of(FIRST_ROW, "", file + " has no header row"),
                Arguments.of(FIRST_ROW, "a,a\n1,2\n", "CSV headers cannot contain duplicates."),
                Arguments.of(FIRST_ROW, "a\n1\n\"2", file + " is not CSV as of RFC 4180 behind byte 2 (row 2)"),
                Arguments.of(FIRST_ROW, "a\n\"1\"2\n", file + " is not CSV as of RFC 4180 behind byte 0 (row 1)"),
                Arguments.of(
                        FIRST_ROW,
                        "a".repeat(CsvItems.LONGEST_HEADER) + "\n1\n",
                        "the header row of " + file + " is longer than 10240 bytes"),
                Arguments.of("{\"InputType\":\"CSV\"}", "a\n", "field readerConfig.CSVHeaderLocation is missing"),
                Arguments.of(
                        "{\"InputType\":\"CSV\",\"CSVHeaderLocation\":\"GIVEN\"}",
                        "a\n",
                        "field readerConfig.CSVHeaders is missing"),
                Arguments.of(
                        "{\"InputType\":\"CSV\",\"CSVHeaderLocation\":\"GIVEN\",\"CSVHeaders\":[1]}",
                        "a\n",
                        "field readerConfig.CSVHeaders must be an array of strings, at least one, not [1]"),
                Arguments.of(
                        delimited("COLON"),
                        "a\n",
                        "field readerConfig.CSVDelimiter must be one of [COMMA, PIPE, SEMICOLON, SPACE, TAB], not \"COLON\""),
                Arguments.of("{}", "a\n", "field readerConfig.InputType is missing"),
                Arguments.of("{\"InputType\":\"XML\"}", "a\n", "field readerConfig.InputType must be one of"),
                Arguments.of("{\"InputType\":\"PARQUET\"}", "a\n", "PARQUET is not read here"),
                Arguments.of("{\"InputType\":\"JSON\",\"MaxItems\":-1}", "[1]", "field MaxItems must be positive"),
                Arguments.of(
                        "{\"InputType\":\"MANIFEST\"}", "[1]", "s3://data/file is no manifest of an S3 inventory"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusalOf(String config, String content, String cause) throws Exception {
        desk.put("file", content);
        assertThatThrownBy(() -> desk.all(desk.object("file", config)))
                .isInstanceOf(ItemReaderFailed.class)
                .hasMessageContaining(cause);
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedWithTheirPlace() throws Exception {
        desk.put("file", "a\nx\n\u00e4\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> desk.all(desk.object("file", FIRST_ROW)))
                .hasMessageStartingWith("row 2 of s3://data/file (at byte 4) is not UTF-8");
        desk.put("file", "[\"\u00e4\"]".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> desk.all(desk.object("file", JSON)))
                .hasMessageContaining("is not valid JSON in UTF-8");
        desk.put("file", "[1]".getBytes(StandardCharsets.UTF_16BE));
        assertThatThrownBy(() -> desk.all(desk.object("file", JSON)))
                .hasMessageContaining("is not UTF-8: it begins as UTF-16");
        desk.put("file", "1\n\"\u00e4\"\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> desk.all(desk.object("file", JSONL)))
                .hasMessageStartingWith("item 2 of s3://data/file (line at byte 2) is not UTF-8");
    }

    @Test
    void anItemLargerThanAPageIsRefused() throws Exception {
        desk.put("file", "[1,\"" + "x".repeat(200) + "\"]");
        ObjectNode request = desk.object("file", JSON);
        assertThatThrownBy(() -> desk.all(request, 10, 100))
                .hasMessageStartingWith(
                        "item 2 of s3://data/file (behind byte 2) is an item of 202 bytes as JSON; at most 98");
    }

    @Test
    void anItemThatNobodyCanHoldIsRefusedBeforeItIsRead() throws Exception {
        String endless = "x".repeat(ContentStream.LONGEST_ITEM + 100_000);
        desk.put("csv", "a\n1\n\"" + endless + "\"\n");
        desk.put("jsonl", "1\n\"" + endless + "\"\n");
        desk.put("json", "[1,\"" + endless + "\"]");
        assertThatThrownBy(() -> desk.all(desk.object("csv", FIRST_ROW)))
                .hasMessageContaining("longer than 8388608 bytes");
        assertThatThrownBy(() -> desk.all(desk.object("jsonl", JSONL)))
                .hasMessageContaining("longer than 8388608 bytes");
        assertThatThrownBy(() -> desk.all(desk.object("json", JSON))).hasMessageContaining("longer than 8388608 bytes");
    }

    @Test
    void anObjectThatChangesBetweenPagesIsNotMixed() throws Exception {
        for (String config : List.of(JSON, JSONL, FIRST_ROW)) {
            desk.put("file", config.equals(JSON) ? "[1,2,3]" : "1\n2\n3\n");
            ObjectNode request = desk.object("file", config).put("maxItems", 1);
            JsonNode first = desk.page(request);
            desk.put("file", config.equals(JSON) ? "[4,5,6]" : "4\n5\n6\n");
            request.set("cursor", first.path("cursor"));
            assertThatThrownBy(() -> desk.page(request)).hasMessageContaining("s3://data/file has changed");
        }
    }

    @Test
    void whatIsNotThereIsNamed() throws Exception {
        assertThatThrownBy(() -> desk.all(desk.object("none", JSON)))
                .hasMessageContaining("cannot read s3://data/none: there is no such object");
        ObjectNode elsewhere = desk.object("file", JSON);
        elsewhere.withObject("parameters").put("Bucket", "other");
        assertThatThrownBy(() -> desk.all(elsewhere))
                .hasMessageContaining("bucket other is none of those in this worker's settings [data]");
        ObjectNode resource = desk.object("file", JSON).put("resource", "arn:aws:states:::s3:headObject");
        assertThatThrownBy(() -> desk.all(resource))
                .hasMessageContaining("\"arn:aws:states:::s3:headObject\" is not known");
        ObjectNode versioned = desk.object("file", JSON);
        versioned.withObject("parameters").put("VersionId", "1");
        assertThatThrownBy(() -> desk.all(versioned)).hasMessageContaining("leave VersionId out");
    }

    @Test
    void aListingHasAnEntryForEveryObject() throws Exception {
        for (String key : List.of("in/b", "in/a/1", "in/a.txt", "out/x", "in2")) {
            desk.put(key, "12345");
        }
        List<JsonNode> entries = desk.all(desk.listing("in/", "{}"));
        assertThat(entries)
                .extracting(entry -> entry.path("Key").asText())
                .containsExactly("in/a.txt", "in/a/1", "in/b");
        assertThat(entries.getFirst().properties().stream().map(Map.Entry::getKey))
                .containsExactly("Etag", "Key", "LastModified", "Size", "StorageClass");
        assertThat(entries.getFirst().path("Size").intValue()).isEqualTo(5);
        assertThat(entries.getFirst().path("LastModified").isIntegralNumber()).isTrue();
        assertThat(desk.all(desk.listing("in/", "{}"), 1, Desk.LARGE)).isEqualTo(entries);
        assertThat(desk.all(desk.listing("in/", "{\"MaxItems\":2}"), 1, Desk.LARGE))
                .isEqualTo(entries.subList(0, 2));
        assertThat(desk.all(desk.listing("in/", "{\"MaxItems\":2}"))).isEqualTo(entries.subList(0, 2));
        assertThat(desk.all(desk.listing("nothing", "{}"))).isEmpty();
    }

    @Test
    void listedObjectsAreLoadedAndTheirItemsFollowEachOther() throws Exception {
        desk.put("in/1.jsonl", "1\n2\n");
        desk.put("in/2.jsonl", "");
        desk.put("in/3.jsonl", "3\n");
        String config = "{\"InputType\":\"JSONL\",\"Transformation\":\"LOAD_AND_FLATTEN\"}";
        assertThat(desk.text(desk.listing("in/", config))).isEqualTo("[1,2,3]");
        assertThat(desk.all(desk.listing("in/", config), 1, Desk.LARGE)).hasSize(3);
        assertThat(desk.all(desk.listing("in/", config), 2, Desk.LARGE)).hasSize(3);
    }

    @Test
    void theRowsOfAnInventoryAreItems() throws Exception {
        desk.put("inv/data/1.csv.gz", gzip("\"b\",\"k1\",\"12\"\n\"b\",\"k2\",\"13\"\n"));
        desk.put("inv/data/2.csv.gz", gzip("\"b\",\"k3\",\"14\"\n"));
        desk.put("inv/manifest.json", """
                {"sourceBucket":"b","destinationBucket":"arn:aws:s3:::data","version":"2016-11-30","fileFormat":"CSV",
                 "fileSchema":"Bucket, Key, Size","files":[{"key":"inv/data/1.csv.gz","size":1},{"key":"inv/data/2.csv.gz","size":1}]}
                """);
        ObjectNode request = desk.object("inv/manifest.json", "{\"InputType\":\"MANIFEST\"}");
        assertThat(desk.text(request))
                .isEqualTo(
                        "[{\"Bucket\":\"b\",\"Key\":\"k1\",\"Size\":\"12\"},{\"Bucket\":\"b\",\"Key\":\"k2\",\"Size\":\"13\"},"
                                + "{\"Bucket\":\"b\",\"Key\":\"k3\",\"Size\":\"14\"}]");
        assertThat(desk.all(request, 1, Desk.LARGE)).hasSize(3);
        request.put("maxItems", 1);
        request.set("cursor", desk.page(request).path("cursor"));
        desk.put(
                "inv/manifest.json",
                "{\"destinationBucket\":\"data\",\"fileFormat\":\"CSV\",\"fileSchema\":\"Bucket\",\"files\":[]}");
        assertThatThrownBy(() -> desk.page(request)).hasMessageContaining("the manifest has changed");
        desk.put(
                "inv/manifest.json",
                "{\"destinationBucket\":\"data\",\"fileFormat\":\"ORC\",\"fileSchema\":\"Bucket\",\"files\":[]}");
        assertThatThrownBy(() -> desk.page(request)).hasMessageContaining("in the format ORC; only CSV is read");
    }

    @Test
    void whatAthenaHasUnloadedIsReadByItsManifest() throws Exception {
        desk.put("out/1.gz", gzip("{\"n\":1}\n{\"n\":2}\n"));
        desk.put("out/2.gz", gzip("{\"n\":3}\n"));
        desk.put("out/manifest.csv", "s3://data/out/1.gz\n\"s3://data/out/2.gz\"\n\n");
        ObjectNode request =
                desk.object("out/manifest.csv", "{\"InputType\":\"JSONL\",\"ManifestType\":\"ATHENA_DATA\"}");
        assertThat(desk.text(request)).isEqualTo("[{\"n\":1},{\"n\":2},{\"n\":3}]");
        assertThat(desk.all(request, 1, Desk.LARGE)).hasSize(3);
        desk.put("out/manifest.csv", "out/1.gz\n");
        assertThatThrownBy(() -> desk.all(request))
                .hasMessageContaining("the line at byte 0 of s3://data/out/manifest.csv is not as s3://bucket/key");
    }

    @Test
    void aGzipFileIsReadAsWhatItInflatesToWithinBounds() throws Exception {
        desk.put("a.jsonl.gz", gzip("1\n2\n3\n"));
        assertThat(desk.all(desk.object("a.jsonl.gz", JSONL), 1, Desk.LARGE).toString())
                .isEqualTo("[1, 2, 3]");
        desk.put("bomb.jsonl.gz", gzip("1\n".repeat(1 << 20)));
        assertThatThrownBy(() -> desk.all(desk.object("bomb.jsonl.gz", JSONL)))
                .hasMessageContaining("s3://data/bomb.jsonl.gz inflates to more than 1048576 bytes");
        desk.put("not.gz", "plain");
        assertThatThrownBy(() -> desk.all(desk.object("not.gz", JSONL))).hasMessageContaining("is not valid gzip");
    }

    @Test
    void manyGzipFilesShareTheRoomForThem() throws Exception {
        for (int i = 0; i < 5; i++) {
            desk.put("part-" + i + ".jsonl.gz", gzip(("\"" + "x".repeat(9_000) + i + "\"\n").repeat(50)));
        }
        String config = "{\"InputType\":\"JSONL\",\"Transformation\":\"LOAD_AND_FLATTEN\"}";
        assertThat(desk.all(desk.listing("part-", config))).hasSize(250);
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
