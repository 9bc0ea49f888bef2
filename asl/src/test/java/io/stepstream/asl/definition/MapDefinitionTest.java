package io.stepstream.asl.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.asl.definition.ItemReader.CsvHeader;
import io.stepstream.asl.definition.ItemReader.Format;
import io.stepstream.asl.definition.ItemReader.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MapDefinitionTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String STATES = "\"StartAt\":\"I\",\"States\":{\"I\":{\"Type\":\"Pass\",\"End\":true}}";

    /** INLINE, DISTRIBUTED and STATES stand for what every definition repeats; ' for ". */
    private static Parsed parsed(String fields, WorkflowType type) {
        var inline = "'ItemProcessor':{STATES}";
        var distributed =
                "'ItemProcessor':{'ProcessorConfig':{'Mode':'DISTRIBUTED','ExecutionType':'STANDARD'},STATES}";
        var state = fields.replace("DISTRIBUTED!", distributed)
                .replace("INLINE!", inline)
                .replace("STATES", STATES);
        return StateMachine.parse(
                ("{'StartAt':'M','States':{'M':{'Type':'Map','End':true," + state + "}}}").replace('\'', '"'), type);
    }

    private static List<Finding> findings(Parsed parsed) {
        return switch (parsed) {
            case Parsed.Valid(var _, var warnings) -> warnings;
            case Parsed.Invalid(var all) -> all;
        };
    }

    private static State.Map valid(String fields) {
        var parsed = parsed(fields, WorkflowType.STANDARD);
        assertThat(parsed).isInstanceOf(Parsed.Valid.class);
        return (State.Map) ((Parsed.Valid) parsed).machine().state("M");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "'Comment':'none' ; SCHEMA_VALIDATION_FAILED ; /States/M ; One of these fields is required: [ItemProcessor, Iterator]",
                "INLINE!,'Iterator':{'StartAt':'J','States':{'J':{'Type':'Succeed'}}} ; SCHEMA_VALIDATION_FAILED ; /States/M ; There should only be one of the following fields: [ItemProcessor, Iterator]",
                "INLINE!,'ItemSelector':{},'Parameters':{} ; SCHEMA_VALIDATION_FAILED ; /States/M ; There should only be one of the following fields: [ItemSelector, Parameters]",
                "INLINE!,'ItemsPath':null ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemsPath ; Expected value of type String",
                "INLINE!,'ItemsPath':'items' ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemsPath ; Value is not a valid JSONPath",
                "INLINE!,'Items':[1] ; SCHEMA_VALIDATION_FAILED ; /States/M ; The QueryLanguage is set to 'JSONPath', but field 'Items' is only supported for the 'JSONata' QueryLanguage",
                "INLINE!,'QueryLanguage':'JSONata','Items':1 ; SCHEMA_VALIDATION_FAILED ; /States/M/Items ; Expected value of type Array or Object",
                "INLINE!,'QueryLanguage':'JSONata','ItemsPath':'$.a' ; SCHEMA_VALIDATION_FAILED ; /States/M ; The QueryLanguage is set to 'JSONata', but field 'ItemsPath' is only supported for the 'JSONPath' QueryLanguage",
                "INLINE!,'MaxConcurrency':-1 ; SCHEMA_VALIDATION_FAILED ; /States/M/MaxConcurrency ; Minimum value is 0",
                "INLINE!,'MaxConcurrency':'4' ; SCHEMA_VALIDATION_FAILED ; /States/M/MaxConcurrency ; Expected value of type Integer",
                "INLINE!,'MaxConcurrency':1,'MaxConcurrencyPath':'$.n' ; SCHEMA_VALIDATION_FAILED ; /States/M ; There should only be one of the following fields: [MaxConcurrency, MaxConcurrencyPath]",
                "INLINE!,'ToleratedFailurePercentage':101 ; SCHEMA_VALIDATION_FAILED ; /States/M/ToleratedFailurePercentage ; Maximum value is 100",
                "INLINE!,'ItemReader':{} ; FIELD_WITHOUT_EFFECT ; /States/M/ItemReader ; The field 'ItemReader' does nothing when 'Mode' is 'INLINE', which it is unless another is given",
                "'ItemProcessor':{'ProcessorConfig':{'Mode':'ELSEWHERE'},STATES} ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemProcessor/ProcessorConfig/Mode ; The field 'Mode' should have one of these values: [INLINE, DISTRIBUTED]",
                "'ItemProcessor':{'ProcessorConfig':{'Mode':'DISTRIBUTED'},STATES} ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemProcessor/ProcessorConfig ; The field 'ExecutionType' is required but was missing",
                "'ItemProcessor':{'ProcessorConfig':{'Speed':1},STATES} ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemProcessor/ProcessorConfig ; Field 'Speed' is not supported",
                "'ItemProcessor':{'ProcessorConfig':{'Mode':'DISTRIBUTED','ExecutionType':'EXPRESS'},'StartAt':'I','States':{'I':{'Type':'Task','Resource':'arn:aws:states:us-east-1:000000000000:activity:a','End':true}}} ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemProcessor/States/I/Resource ; `Express state machine does not support activities `",
                "DISTRIBUTED!,'Label':'' ; SCHEMA_VALIDATION_FAILED ; /States/M/Label ; Label cannot be empty",
                "DISTRIBUTED!,'Label':'a b' ; SCHEMA_VALIDATION_FAILED ; /States/M/Label ; Label contains invalid character: ' '",
                "DISTRIBUTED!,'Label':'a/\\u0085' ; SCHEMA_VALIDATION_FAILED ; /States/M/Label ; Label contains invalid character: '\\u0085'",
                "DISTRIBUTED!,'Label':'12345678901234567890123456789012345678901' ; SCHEMA_VALIDATION_FAILED ; /States/M/Label ; Label cannot exceed 40 characters",
                "DISTRIBUTED!,'ItemReader':{'ReaderConfig':{'InputType':'JSON'}} ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemReader ; These fields are required: [Resource]",
                "DISTRIBUTED!,'ItemReader':{'Resource':'arn:aws:states:::s3:putObject'} ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemReader/Resource ; Value is not a valid resource ARN",
                "DISTRIBUTED!,'ItemReader':{'Resource':'arn:aws:states:::s3:getObject'} ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemReader ; The field 'InputType' is required but was missing",
                "DISTRIBUTED!,'ItemReader':{'Resource':'arn:aws:states:::s3:getObject','ReaderConfig':{'InputType':'PARQUET'}} ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemReader/ReaderConfig/InputType ; InputType 'PARQUET' is not supported",
                "DISTRIBUTED!,'ItemReader':{'Resource':'arn:aws:states:::s3:getObject','ReaderConfig':{'InputType':'CSV'}} ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemReader/ReaderConfig ; The field 'CSVHeaderLocation' is required but was missing",
                "DISTRIBUTED!,'ItemReader':{'Resource':'arn:aws:states:::s3:getObject','ReaderConfig':{'InputType':'CSV','CSVHeaderLocation':'GIVEN'}} ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemReader/ReaderConfig ; CSVHeaders are given if, and only if, CSVHeaderLocation is 'GIVEN'",
                "DISTRIBUTED!,'ItemReader':{'Resource':'arn:aws:states:::s3:getObject','ReaderConfig':{'InputType':'JSON','ItemsPointer':'a'}} ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemReader/ReaderConfig/ItemsPointer ; Value is not a valid JSON Pointer",
                "DISTRIBUTED!,'ItemReader':{'Resource':'arn:aws:states:::s3:listObjectsV2','ReaderConfig':{'MaxItems':1,'MaxItemsPath':'$.n'}} ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemReader/ReaderConfig ; There should only be one of the following fields: [MaxItems, MaxItemsPath]",
                "DISTRIBUTED!,'ItemReader':{'Resource':'arn:aws:states:::s3:listObjectsV2','Arguments':{}} ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemReader ; The QueryLanguage is set to 'JSONPath', but field 'Arguments' is only supported for the 'JSONata' QueryLanguage",
                "DISTRIBUTED!,'ItemBatcher':{} ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemBatcher ; One of these fields is required: [MaxItemsPerBatch, MaxItemsPerBatchPath, MaxInputBytesPerBatch, MaxInputBytesPerBatchPath]",
                "DISTRIBUTED!,'ItemBatcher':{'MaxItemsPerBatch':0} ; SCHEMA_VALIDATION_FAILED ; /States/M/ItemBatcher/MaxItemsPerBatch ; Minimum value is 1",
                "DISTRIBUTED!,'ResultWriter':{'Resource':'arn:aws:states:::s3:putObject','WriterConfig':{'OutputType':'XML'}} ; SCHEMA_VALIDATION_FAILED ; /States/M/ResultWriter/WriterConfig/OutputType ; The field 'OutputType' should have one of these values: [JSON, JSONL]",
            })
    void aMapsProblem(String fields, String code, String path, String message) {
        assertThat(findings(parsed(fields, WorkflowType.STANDARD)))
                .extracting(Finding::code, Finding::path, Finding::message)
                .containsExactly(Tuple.tuple(code, path, message));
    }

    @Test
    void anExpressMachineHasNoDistributedMap() {
        assertThat(findings(parsed("DISTRIBUTED!", WorkflowType.EXPRESS)))
                .extracting(Finding::path, Finding::message)
                .containsExactly(Tuple.tuple(
                        "/States/M", "Express state machine does not support a Map state with 'Mode' 'DISTRIBUTED'"));
        assertThat(findings(parsed("INLINE!", WorkflowType.EXPRESS))).isEmpty();
    }

    @Test
    void anInlineMapHasNoDistribution() {
        assertThat(valid("INLINE!").distribution()).isEmpty();
        assertThat(valid("'Iterator':{'ProcessorConfig':{'Mode':'INLINE'},STATES},'Parameters':{'a.$':'$'}")
                        .itemSelector())
                .isPresent();
    }

    @Test
    void aDistributedMapHasItsReaderItsBatcherAndItsWriter() {
        var map = valid("DISTRIBUTED!,'Label':'all',"
                + "'ItemReader':{'Resource':'arn:aws:states:::s3:getObject','Parameters':{'Bucket':'b','Key.$':'$.k'},"
                + "'ReaderConfig':{'InputType':'CSV','CSVHeaderLocation':'GIVEN','CSVHeaders':['x','y'],'CSVDelimiter':'TAB'}},"
                + "'ItemBatcher':{'MaxItemsPerBatch':10,'BatchInput':{'a':1}},"
                + "'ResultWriter':{'Resource':'arn:aws:states:::s3:putObject','Parameters':{'Bucket':'b'},"
                + "'WriterConfig':{'OutputType':'JSONL','Transformation':'FLATTEN'}}");
        var distribution = map.distribution().orElseThrow();
        assertThat(distribution.label()).contains("all");
        assertThat(distribution.executionType()).isEqualTo(WorkflowType.STANDARD);
        assertThat(distribution.itemReader().map(ItemReader::source))
                .contains(new Source.Contents(new Format.Csv(new CsvHeader.Given(List.of("x", "y")), '\t')));
        assertThat(distribution.itemBatcher().flatMap(ItemBatcher::maxItems)).isPresent();
        assertThat(distribution.itemBatcher().flatMap(ItemBatcher::maxInputBytes))
                .isEmpty();
        assertThat(distribution.resultWriter().map(ResultWriter::transformation))
                .contains(ResultWriter.Transformation.FLATTEN);
        assertThat(distribution.resultWriter().map(ResultWriter::outputType)).contains(ResultWriter.OutputType.JSONL);
    }

    @Test
    void whatAReaderReads() throws JsonProcessingException {
        var table = new TreeMap<String, Source>(Map.of(
                "{\"InputType\":\"JSON\"}", new Source.Contents(new Format.Json(Optional.empty())),
                "{\"InputType\":\"JSON\",\"ItemsPointer\":\"/a\"}",
                        new Source.Contents(new Format.Json(Optional.of("/a"))),
                "{\"InputType\":\"JSONL\"}", new Source.Contents(new Format.JsonLines()),
                "{\"InputType\":\"MANIFEST\"}",
                        new Source.Contents(new Format.Manifest(ItemReader.ManifestType.S3_INVENTORY)),
                "{\"InputType\":\"CSV\",\"CSVHeaderLocation\":\"FIRST_ROW\"}",
                        new Source.Contents(new Format.Csv(new CsvHeader.FirstRow(), ',')),
                "{}", new Source.Listing(),
                "{\"InputType\":\"JSONL\",\"Transformation\":\"LOAD_AND_FLATTEN\"}",
                        new Source.ListedContents(new Format.JsonLines())));
        for (var row : table.entrySet()) {
            var action = row.getValue() instanceof Source.Contents ? "getObject" : "listObjectsV2";
            var reader = MAPPER.createObjectNode().put("Resource", "arn:aws:states:::s3:" + action);
            reader.set("ReaderConfig", MAPPER.readTree(row.getKey()));
            var map = valid("DISTRIBUTED!,'ItemReader':" + reader);
            assertThat(map.distribution().flatMap(Distribution::itemReader).map(ItemReader::source))
                    .as(row.getKey())
                    .contains(row.getValue());
        }
    }

    @Test
    void itsTaskNamesAreTheMachines() {
        var parsed = parsed(
                "'ItemProcessor':{'StartAt':'I','States':{'I':{'Type':'Task','Resource':'arn:aws:states:us-east-1:000000000000:activity:inner','End':true}}}",
                WorkflowType.STANDARD);
        assertThat(((Parsed.Valid) parsed).machine().taskNames()).containsExactly("inner");
    }
}
