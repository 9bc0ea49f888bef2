package io.stepstream.integrations.items.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.items.store.BucketSettings;
import io.stepstream.integrations.items.store.Buckets;
import io.stepstream.worker.TaskError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files a Map Run's results become. */
class ResultWriterTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RUN = "ad9b5f27-090b-3ac6-9beb-243cd77144a7";
    private static final String ARN = "arn:aws:states:us-east-1:000000000000:mapRun:orders/Map:" + RUN;

    @TempDir
    Path folder;

    private Buckets buckets;
    private ResultWriter writer;

    @BeforeEach
    void open() {
        buckets = Buckets.open(BucketSettings.ofDirectories(Map.of("results", folder)));
        writer = new ResultWriter(buckets);
    }

    @AfterEach
    void close() {
        buckets.close();
    }

    private static ObjectNode request(String prefix, String config) throws Exception {
        ObjectNode request = JSON.createObjectNode()
                .put("resource", "arn:aws:states:::s3:putObject")
                .put("mapRunArn", ARN);
        request.withObject("parameters").put("Bucket", "results").put("Prefix", prefix);
        request.set("writerConfig", JSON.readTree(config.replace('\'', '"')));
        return request;
    }

    private static ObjectNode part(int number, String config, String... results) throws Exception {
        ObjectNode request = request("out", config).put("part", number);
        var array = request.putArray("results");
        for (String result : results) {
            array.add(JSON.readTree(result.replace('\'', '"')));
        }
        return request;
    }

    private static String result(String name, String status, String output) {
        return "{'Name':'" + name + "','Status':'" + status + "','Output':" + JSON.valueToTree(output) + "}";
    }

    /** All files of the Map Run with their content, the manifest apart. */
    private Map<String, String> files() throws Exception {
        try (var files = Files.list(folder.resolve("out").resolve(RUN))) {
            return files.filter(file -> !file.endsWith("manifest.json"))
                    .sorted(Comparator.naturalOrder())
                    .collect(Collectors.toMap(file -> file.getFileName().toString(), ResultWriterTest::content));
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                              | SUCCEEDED_0.json  | [{\"Name\":\"a\",\"Status\":\"SUCCEEDED\",\"Output\":\"[1.0,{}]\"},{\"Name\":\"b\",\"Status\":\"SUCCEEDED\",\"Output\":\"3\"}]",
                "{'Transformation':'NONE','OutputType':'JSON'}   | SUCCEEDED_0.json  | [{\"Name\":\"a\",\"Status\":\"SUCCEEDED\",\"Output\":\"[1.0,{}]\"},{\"Name\":\"b\",\"Status\":\"SUCCEEDED\",\"Output\":\"3\"}]",
                "{'Transformation':'COMPACT'}                    | SUCCEEDED_0.json  | [[1.0,{}],3]",
                "{'Transformation':'FLATTEN'}                    | SUCCEEDED_0.json  | [1.0,{},3]",
                "{'Transformation':'COMPACT','OutputType':'JSONL'} | SUCCEEDED_0.jsonl | [1.0,{}]⏎3⏎",
                "{'Transformation':'FLATTEN','OutputType':'JSONL'} | SUCCEEDED_0.jsonl | 1.0⏎{}⏎3⏎"
            })
    void whatSucceededIsWrittenAsConfigured(String config, String file, String content) throws Exception {
        JsonNode answer =
                writer.write(part(0, config, result("a", "SUCCEEDED", "[1.0,{}]"), result("b", "SUCCEEDED", "3")));
        assertThat(answer.toString()).isEqualTo("{\"written\":2}");
        assertThat(files()).containsExactly(Map.entry(file, content.replace("⏎", "\n")));
    }

    @Test
    void everyKindOfEndHasItsFileAndIsWrittenWhole() throws Exception {
        String failed = "{'Name':'f','Status':'FAILED','Error':'E','Cause':'C'}";
        writer.write(part(
                3,
                "{'Transformation':'FLATTEN'}",
                failed,
                "{'Name':'t','Status':'TIMED_OUT'}",
                "{'Name':'a','Status':'ABORTED'}",
                "{'Name':'p','Status':'PENDING'}",
                result("s", "SUCCEEDED", "[1]")));
        assertThat(files())
                .containsOnly(
                        Map.entry(
                                "FAILED_3.json",
                                "[" + failed.replace('\'', '"')
                                        + ",{\"Name\":\"t\",\"Status\":\"TIMED_OUT\"},{\"Name\":\"a\",\"Status\":\"ABORTED\"}]"),
                        Map.entry("PENDING_3.json", "[{\"Name\":\"p\",\"Status\":\"PENDING\"}]"),
                        Map.entry("SUCCEEDED_3.json", "[1]"));
    }

    @Test
    void aPartThatIsAskedForAgainIsTheSameObject() throws Exception {
        ObjectNode request = part(0, "{}", result("a", "SUCCEEDED", "1"));
        writer.write(request);
        Map<String, String> once = files();
        writer.write(request);
        assertThat(files()).isEqualTo(once).hasSize(1);
    }

    @Test
    void theManifestNamesAllFilesByTheirParts() throws Exception {
        for (int part = 0; part < 12; part++) {
            writer.write(part(
                    part,
                    "{}",
                    result("a", "SUCCEEDED", "1"),
                    part == 5 ? "{'Name':'b','Status':'FAILED'}" : result("b", "SUCCEEDED", "2")));
        }
        ObjectNode finish = request("out", "{}");
        finish.putObject("finish");
        JsonNode answer = writer.write(finish);
        assertThat(answer.toString())
                .isEqualTo(
                        "{\"MapRunArn\":\"" + ARN + "\",\"ResultWriterDetails\":{\"Bucket\":\"results\",\"Key\":\"out/"
                                + RUN + "/manifest.json\"}}");
        assertThat(writer.write(finish)).isEqualTo(answer);

        JsonNode manifest =
                JSON.readTree(content(folder.resolve("out").resolve(RUN).resolve("manifest.json")));
        assertThat(manifest.path("DestinationBucket").asText()).isEqualTo("results");
        assertThat(manifest.path("MapRunArn").asText()).isEqualTo(ARN);
        JsonNode files = manifest.path("ResultFiles");
        assertThat(files.path("PENDING").isArray()).isTrue();
        assertThat(files.path("PENDING")).isEmpty();
        assertThat(files.path("FAILED").toString())
                .isEqualTo("[{\"Key\":\"out/" + RUN + "/FAILED_5.json\",\"Size\":32}]");
        assertThat(files.path("SUCCEEDED")).hasSize(12);
        for (int part = 0; part < 12; part++) {
            assertThat(files.path("SUCCEEDED").path(part).path("Key").asText())
                    .isEqualTo("out/" + RUN + "/SUCCEEDED_" + part + ".json");
        }
    }

    @Test
    void aRunWithoutResultsHasAManifestToo() throws Exception {
        ObjectNode finish = request("", "{}");
        finish.putObject("finish");
        assertThat(writer.write(finish).at("/ResultWriterDetails/Key").asText()).isEqualTo(RUN + "/manifest.json");
        assertThat(folder.resolve(RUN).resolve("manifest.json"))
                .hasContent("{\"DestinationBucket\":\"results\",\"MapRunArn\":\"" + ARN
                        + "\",\"ResultFiles\":{\"FAILED\":[],\"PENDING\":[],\"SUCCEEDED\":[]}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/mapRunArn             | \"arn:aws:states:::mapRun:m:../../x\" | field mapRunArn is missing; it must be a Map Run's ARN",
                "/resource              | \"arn:aws:states:::s3:copyObject\" | \"arn:aws:states:::s3:copyObject\" is not known",
                "/part                  | -1                  | field part is missing",
                "/results               | {}                  | field results is missing",
                "/results               | [{}]                | field Status is missing",
                "/parameters/Bucket     | \"other\"           | bucket other is none of those in this worker's settings [results]",
                "/parameters/Prefix     | \"../out\"          | is refused",
                "/writerConfig/Transformation | \"SHRINK\"    | field writerConfig.Transformation must be one of [NONE, COMPACT, FLATTEN], not \"SHRINK\"",
                "/writerConfig/OutputType | \"CSV\"           | field writerConfig.OutputType must be one of [JSON, JSONL], not \"CSV\""
            })
    void whatCannotBeWrittenFailsTheTask(String field, String value, String cause) throws Exception {
        ObjectNode request = part(0, "{}", result("a", "SUCCEEDED", "1"));
        int slash = field.lastIndexOf('/');
        ((ObjectNode) request.at(field.substring(0, slash))).set(field.substring(slash + 1), JSON.readTree(value));
        assertThatThrownBy(() -> writer.write(request))
                .isInstanceOfSatisfying(
                        TaskError.class, error -> assertThat(error.error()).isEqualTo("States.ResultWriterFailed"))
                .hasMessageContaining(cause);
    }
}
