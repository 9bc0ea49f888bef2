package io.stepstream.integrations.items.reader;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.items.request.Fields;
import io.stepstream.integrations.items.store.ObjectAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the engine asks of the item reader.
 *
 * @param maxItems at most so many items in all pages; empty for all there are
 * @param pageItems at most so many on this page
 * @param pageBytes at most so many bytes of JSON text on this page
 */
record ReadRequest(ItemSource source, Cursor cursor, OptionalLong maxItems, int pageItems, int pageBytes) {

    /** The most items on a page. */
    static final int MOST_ITEMS = 1000;

    private static final String GET_OBJECT = "arn:aws:states:::s3:getObject";
    private static final String LIST_OBJECTS = "arn:aws:states:::s3:listObjectsV2";

    private enum InputType {
        CSV,
        JSON,
        JSONL,
        PARQUET,
        MANIFEST
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

    private enum ManifestType {
        S3_INVENTORY,
        ATHENA_DATA
    }

    private enum Transformation {
        NONE,
        LOAD_AND_FLATTEN
    }

    static ReadRequest parse(JsonNode json) throws ItemReaderFailed {
        try {
            Fields request = Fields.of(json);
            Fields config = request.object("readerConfig");
            return new ReadRequest(
                    source(request, config),
                    Cursor.parse(request.optional("cursor")),
                    maxItems(config),
                    request.positive("maxItems", MOST_ITEMS),
                    request.positive("maxBytes", ContentStream.LONGEST_ITEM));
        } catch (Fields.Invalid e) {
            throw new ItemReaderFailed("The item reader cannot be asked so: " + e.getMessage(), e);
        }
    }

    /** AWS takes 0 for no bound, and words the refusal of less so. */
    private static OptionalLong maxItems(Fields config) throws Fields.Invalid, ItemReaderFailed {
        OptionalLong maxItems = config.optionalWhole("MaxItems");
        if (maxItems.isPresent() && maxItems.getAsLong() < 0) {
            throw new ItemReaderFailed("field MaxItems must be positive");
        }
        return maxItems.isPresent() && maxItems.getAsLong() == 0 ? OptionalLong.empty() : maxItems;
    }

    private static ItemSource source(Fields request, Fields config) throws Fields.Invalid, ItemReaderFailed {
        Fields parameters = request.object("parameters");
        String resource = request.text("resource");
        return switch (resource) {
            case GET_OBJECT -> object(parameters, config);
            case LIST_OBJECTS -> listing(parameters, config);
            default ->
                throw new ItemReaderFailed("ItemReader.Resource \"" + resource + "\" is not known; use " + GET_OBJECT
                        + " or " + LIST_OBJECTS);
        };
    }

    private static ItemSource listing(Fields parameters, Fields config) throws Fields.Invalid, ItemReaderFailed {
        String bucket = parameters.text("Bucket");
        String prefix = parameters.optionalText("Prefix").orElse("");
        return switch (config.choice("Transformation", Transformation.class).orElse(Transformation.NONE)) {
            case NONE -> new ItemSource.Entries(bucket, prefix);
            case LOAD_AND_FLATTEN -> new ItemSource.ListedObjects(bucket, prefix, format(config));
        };
    }

    private static ItemSource object(Fields parameters, Fields config) throws Fields.Invalid, ItemReaderFailed {
        var address = new ObjectAddress(
                parameters.text("Bucket"),
                parameters.text("Key"),
                parameters.optionalText("VersionId"),
                parameters.optionalText("ExpectedBucketOwner"));
        Optional<ManifestType> manifest = config.choice("ManifestType", ManifestType.class);
        if (manifest.isPresent() && manifest.get() == ManifestType.ATHENA_DATA) {
            return new ItemSource.AthenaData(address, format(config));
        }
        if (manifest.isPresent() || inputType(config) == InputType.MANIFEST) {
            return new ItemSource.Inventory(address);
        }
        return new ItemSource.OneObject(address, format(config));
    }

    private static InputType inputType(Fields config) throws Fields.Invalid {
        return config.choice("InputType", InputType.class)
                .orElseThrow(() -> config.missing("InputType", "CSV, JSON, JSONL or MANIFEST"));
    }

    private static ItemFormat format(Fields config) throws Fields.Invalid, ItemReaderFailed {
        return switch (inputType(config)) {
            case CSV -> csv(config);
            case JSON -> json(config);
            case JSONL -> new JsonLinesItems();
            case PARQUET ->
                throw new ItemReaderFailed("ReaderConfig.InputType PARQUET is not read here; have the data written as"
                        + " CSV or JSON Lines");
            case MANIFEST ->
                throw new ItemReaderFailed("ReaderConfig.InputType MANIFEST says that an object is a manifest; here it"
                        + " must say what the objects hold: CSV, JSON or JSONL");
        };
    }

    private static ItemFormat csv(Fields config) throws Fields.Invalid {
        char delimiter = config.choice("CSVDelimiter", Delimiter.class).orElse(Delimiter.COMMA).character;
        Optional<List<String>> headers = config.optionalTexts("CSVHeaders");
        HeaderLocation location = config.choice("CSVHeaderLocation", HeaderLocation.class)
                .orElseThrow(() -> config.missing("CSVHeaderLocation", "FIRST_ROW or GIVEN"));
        return switch (location) {
            case FIRST_ROW -> new CsvItems(delimiter, Optional.empty());
            case GIVEN ->
                new CsvItems(
                        delimiter,
                        Optional.of(headers.orElseThrow(() ->
                                config.missing("CSVHeaders", "an array of strings, as CSVHeaderLocation is GIVEN"))));
        };
    }

    private static ItemFormat json(Fields config) throws Fields.Invalid, ItemReaderFailed {
        Optional<String> pointer = config.optionalText("ItemsPointer");
        return new JsonItems(pointer.isPresent() ? ItemsPointer.parse(pointer.get()) : ItemsPointer.WHOLE_DOCUMENT);
    }
}
