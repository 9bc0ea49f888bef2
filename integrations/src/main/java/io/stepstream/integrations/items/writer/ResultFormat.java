package io.stepstream.integrations.items.writer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import io.stepstream.integrations.items.request.Fields;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** {@code WriterConfig}: what of a result is written, and how. */
record ResultFormat(Transformation transformation, OutputType outputType) {

    /** What is written of an execution that has succeeded; of any other it is everything. */
    enum Transformation {
        /** All that is known of it. */
        NONE,
        /** Its output. */
        COMPACT,
        /** Its output; of an array, each element. */
        FLATTEN
    }

    /** How a file holds many. */
    enum OutputType {
        JSON,
        JSONL
    }

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    static ResultFormat of(Fields config) throws Fields.Invalid {
        return new ResultFormat(
                config.choice("Transformation", Transformation.class).orElse(Transformation.NONE),
                config.choice("OutputType", OutputType.class).orElse(OutputType.JSON));
    }

    String extension() {
        return switch (outputType) {
            case JSON -> "json";
            case JSONL -> "jsonl";
        };
    }

    String contentType() {
        return switch (outputType) {
            case JSON -> "application/json";
            case JSONL -> "application/jsonl";
        };
    }

    /** The files of these results: one for each status that one of them has. */
    Map<ResultStatus, byte[]> files(JsonNode results) throws Fields.Invalid {
        Map<ResultStatus, List<String>> entries = new EnumMap<>(ResultStatus.class);
        for (JsonNode result : results) {
            ResultStatus status = ResultStatus.of(Fields.of(result).text("Status"));
            List<String> file = entries.computeIfAbsent(status, any -> new ArrayList<>());
            switch (status) {
                case SUCCEEDED -> addSucceeded(result, file);
                case FAILED, PENDING -> file.add(result.toString());
            }
        }
        Map<ResultStatus, byte[]> files = new EnumMap<>(ResultStatus.class);
        entries.forEach((status, file) -> files.put(status, text(file).getBytes(StandardCharsets.UTF_8)));
        return files;
    }

    private void addSucceeded(JsonNode result, List<String> file) throws Fields.Invalid {
        switch (transformation) {
            case NONE -> file.add(result.toString());
            case COMPACT -> file.add(output(result).toString());
            case FLATTEN -> {
                JsonNode output = output(result);
                if (output.isArray()) {
                    output.forEach(element -> file.add(element.toString()));
                } else {
                    file.add(output.toString());
                }
            }
        }
    }

    /** The output as JSON; in a result it is JSON text, as in {@code DescribeExecution}. */
    private static JsonNode output(JsonNode result) throws Fields.Invalid {
        JsonNode output = result.path("Output");
        if (!output.isTextual()) {
            return output.isMissingNode() ? NullNode.getInstance() : output;
        }
        try {
            return MAPPER.readTree(output.textValue());
        } catch (JsonProcessingException e) {
            throw Fields.of(result).mustBe("Output", "JSON text", output);
        }
    }

    private String text(List<String> entries) {
        return switch (outputType) {
            case JSON -> "[" + String.join(",", entries) + "]";
            case JSONL -> String.join("\n", entries) + "\n";
        };
    }
}
