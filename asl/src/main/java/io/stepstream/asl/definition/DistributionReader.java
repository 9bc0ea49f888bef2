package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Expression;
import io.stepstream.asl.definition.ItemReader.CsvHeader;
import io.stepstream.asl.definition.ItemReader.Format;
import io.stepstream.asl.definition.ItemReader.ManifestType;
import io.stepstream.asl.definition.ItemReader.Source;
import io.stepstream.asl.definition.ResultWriter.Destination;
import io.stepstream.asl.definition.ResultWriter.OutputType;
import io.stepstream.asl.definition.ResultWriter.Transformation;
import io.stepstream.asl.definition.StateLanguage.QueryLanguage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what only a distributed Map state has. */
final class DistributionReader {

    /** Longest Label; AWS's limit. */
    static final int MAX_LABEL = 40;

    private static final Pattern NOT_IN_LABEL =
            Pattern.compile("[\\s\\p{Cntrl}\\u0080-\\u009f?*<>{}\\[\\]:;,\\\\|^~$#%&`\"]");
    private static final Pattern S3 =
            Pattern.compile("arn:[^:]+:states:[^:]*:[^:]*:s3:(?<action>getObject|listObjectsV2|putObject)");

    private final Findings findings;
    private final QueryLanguage queryLanguage;
    private final FieldReader state;
    private final StateLanguage language;

    DistributionReader(Findings findings, QueryLanguage queryLanguage, FieldReader state, StateLanguage language) {
        this.findings = findings;
        this.queryLanguage = queryLanguage;
        this.state = state;
        this.language = language;
    }

    Distribution read(WorkflowType executionType) {
        return new Distribution(
                executionType,
                label(),
                inside(state, MapFields.ITEM_READER).flatMap(this::itemReader),
                inside(state, MapFields.ITEM_BATCHER).map(this::itemBatcher),
                inside(state, MapFields.RESULT_WRITER).map(this::resultWriter));
    }

    private Optional<FieldReader> inside(FieldReader outer, MapFields part) {
        var inner = outer.inside(part.object());
        inner.ifPresent(object -> part.check(queryLanguage, object.json(), object.path(), findings));
        return inner;
    }

    private Optional<String> label() {
        var label = state.text("Label");
        label.ifPresent(text -> {
            var at = state.at("Label");
            var invalid = NOT_IN_LABEL.matcher(text);
            if (text.isEmpty()) {
                findings.add(Rule.LABEL_EMPTY, at, MAX_LABEL);
            } else if (text.length() > MAX_LABEL) {
                findings.add(Rule.LABEL_LONG, at, MAX_LABEL);
            } else if (invalid.find()) {
                findings.add(Rule.LABEL_CHARACTER, at, shown(invalid.group().charAt(0)));
            }
        });
        return label;
    }

    private static String shown(char invalid) {
        return Character.isISOControl(invalid) ? String.format("\\u%04x", (int) invalid) : String.valueOf(invalid);
    }

    // --- ItemReader ---

    private enum Listed {
        NONE,
        LOAD_AND_FLATTEN
    }

    private enum InputType {
        CSV,
        JSON,
        JSONL,
        MANIFEST,
        PARQUET
    }

    private enum HeaderLocation {
        FIRST_ROW,
        GIVEN
    }

    private enum Delimiter {
        COMMA(','),
        PIPE('|'),
        SEMICOLON(';'),
        SPACE(' '),
        TAB('\t');

        private final char character;

        Delimiter(char character) {
            this.character = character;
        }
    }

    private Optional<ItemReader> itemReader(FieldReader reader) {
        reader.require("Resource");
        var config = inside(reader, MapFields.READER_CONFIG);
        config.ifPresent(this::onlyOneMaxItems);
        var maxItems = config.flatMap(language::maxItems);
        var action = reader.text("Resource").flatMap(text -> action(reader, text, "getObject|listObjectsV2"));
        var source = action.flatMap(name -> switch (name) {
            case "getObject" -> contents(reader, config);
            default -> listing(config);
        });
        var arguments = arguments(reader);
        var resource = reader.text("Resource").orElse("");
        return source.map(known -> new ItemReader(known, resource, workersConfig(config), arguments, maxItems));
    }

    private static Document workersConfig(Optional<FieldReader> config) {
        var workers = JsonNodeFactory.instance.objectNode();
        config.ifPresent(given -> workers.setAll(given.json().deepCopy()));
        workers.remove(List.of("MaxItems", "MaxItemsPath"));
        return Document.of(workers);
    }

    private Optional<String> action(FieldReader object, String resource, String allowed) {
        var matcher = S3.matcher(resource);
        if (matcher.matches() && matcher.group("action").matches(allowed)) {
            return Optional.of(matcher.group("action"));
        }
        findings.add(
                Rule.READER_RESOURCE,
                object.at("Resource"),
                "arn:aws:states:::s3:" + allowed.replace("|", " or arn:aws:states:::s3:"));
        return Optional.empty();
    }

    private Expression<Document> arguments(FieldReader object) {
        return language.template(object, queryLanguage == QueryLanguage.JSONATA ? "Arguments" : "Parameters")
                .orElseGet(() -> Expression.constant(Document.EMPTY_OBJECT));
    }

    private void onlyOneMaxItems(FieldReader config) {
        onlyOne(config, "MaxItems");
    }

    private void onlyOne(FieldReader object, String field) {
        var fields = List.of(field, field + "Path");
        if (object.value(field).isPresent() && object.value(field + "Path").isPresent()) {
            findings.add(Rule.ONLY_ONE_FIELD, object.path(), fields, fields);
        }
    }

    private Optional<Source> contents(FieldReader reader, Optional<FieldReader> config) {
        if (config.flatMap(given -> given.value("InputType")).isEmpty()) {
            findings.add(Rule.REQUIRED_FIELD, config.orElse(reader).path(), "InputType");
        }
        return config.flatMap(this::format).map(Source.Contents::new);
    }

    private Optional<Source> listing(Optional<FieldReader> config) {
        var transformation = config.flatMap(given -> given.oneOf("Transformation", Listed.class))
                .orElse(Listed.NONE);
        return switch (transformation) {
            case NONE -> Optional.of(new Source.Listing());
            case LOAD_AND_FLATTEN -> config.flatMap(this::format).map(Source.ListedContents::new);
        };
    }

    private Optional<Format> format(FieldReader config) {
        return config.oneOf("InputType", InputType.class).flatMap(type -> switch (type) {
            case JSON -> Optional.of(new Format.Json(pointer(config)));
            case JSONL -> Optional.of(new Format.JsonLines());
            case CSV -> csv(config);
            case MANIFEST ->
                Optional.of(new Format.Manifest(
                        config.oneOf("ManifestType", ManifestType.class).orElse(ManifestType.S3_INVENTORY)));
            case PARQUET -> {
                findings.add(Rule.PARQUET, config.at("InputType"));
                yield Optional.empty();
            }
        });
    }

    private Optional<String> pointer(FieldReader config) {
        var pointer = config.text("ItemsPointer");
        if (pointer.isPresent() && !pointer.get().isEmpty() && !pointer.get().startsWith("/")) {
            findings.add(Rule.JSON_POINTER, config.at("ItemsPointer"));
        }
        return pointer;
    }

    private Optional<Format> csv(FieldReader config) {
        var delimiter = config.oneOf("CSVDelimiter", Delimiter.class).orElse(Delimiter.COMMA).character;
        var names = new ArrayList<String>();
        for (JsonNode name : config.value("CSVHeaders")
                .filter(JsonNode::isArray)
                .orElseGet(() -> config.json().arrayNode())) {
            if (!name.isTextual()) {
                findings.add(Rule.VALUE_TYPE, config.at("CSVHeaders") + "[" + names.size() + "]", "String");
            }
            names.add(name.asText());
        }
        var location = config.oneOf("CSVHeaderLocation", HeaderLocation.class);
        if (config.value("CSVHeaderLocation").isEmpty()) {
            findings.add(Rule.REQUIRED_FIELD, config.path(), "CSVHeaderLocation");
        } else if (location.filter(HeaderLocation.GIVEN::equals).isPresent() == names.isEmpty()) {
            findings.add(Rule.CSV_HEADERS, config.path());
        }
        return location.map(place -> new Format.Csv(
                switch (place) {
                    case FIRST_ROW -> new CsvHeader.FirstRow();
                    case GIVEN -> new CsvHeader.Given(names);
                },
                delimiter));
    }

    // --- ItemBatcher and ResultWriter ---

    private ItemBatcher itemBatcher(FieldReader batcher) {
        onlyOne(batcher, "MaxItemsPerBatch");
        onlyOne(batcher, "MaxInputBytesPerBatch");
        var maxItems = language.count(batcher, "MaxItemsPerBatch");
        var maxInputBytes = language.count(batcher, "MaxInputBytesPerBatch");
        if (maxItems.isEmpty() && maxInputBytes.isEmpty()) {
            findings.add(
                    Rule.ONE_FIELD,
                    batcher.path(),
                    List.of(
                            "MaxItemsPerBatch",
                            "MaxItemsPerBatchPath",
                            "MaxInputBytesPerBatch",
                            "MaxInputBytesPerBatchPath"));
        }
        return new ItemBatcher(maxItems, maxInputBytes, language.template(batcher, "BatchInput"));
    }

    private ResultWriter resultWriter(FieldReader writer) {
        var config = inside(writer, MapFields.WRITER_CONFIG);
        var destination = writer.text("Resource")
                .flatMap(text -> action(writer, text, "putObject"))
                .map(_ -> new Destination(arguments(writer)));
        return new ResultWriter(
                destination,
                config.flatMap(given -> given.oneOf("Transformation", Transformation.class))
                        .orElse(Transformation.NONE),
                config.flatMap(given -> given.oneOf("OutputType", OutputType.class))
                        .orElse(OutputType.JSON));
    }
}
