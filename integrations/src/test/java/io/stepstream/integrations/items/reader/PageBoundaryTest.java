package io.stepstream.integrations.items.reader;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.items.store.BucketSettings;
import io.stepstream.integrations.items.store.Buckets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages put together are the whole, wherever they end: random files, read with every possible size of a page. The seed is printed with
 * a failure; another one is tried with {@code -Dpages.seed=}.
 */
class PageBoundaryTest {

    private static final long SEED = Long.getLong("pages.seed", 7);
    private static final int FILES = 60;
    private static final String[] TEXTS = {
        "",
        "a",
        "\"",
        "\"\"",
        ",",
        "\n",
        "\r\n",
        "\r",
        "ä",
        "€",
        "\uD83D\uDE00",
        "\\",
        "\t",
        "[",
        "}",
        " x ",
        "null",
        "0"
    };

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

    @ParameterizedTest
    @ValueSource(strings = {"CSV", "JSON", "JSONL"})
    void pagesPutTogetherAreTheWhole(String type) throws Exception {
        for (int file = 0; file < FILES; file++) {
            long seed = SEED * 1_000 + file;
            var random = new Random(seed);
            List<JsonNode> items = items(type, random);
            desk.put("file-" + file, text(type, items, random));
            ObjectNode request = desk.object("file-" + file, config(type));
            int largest = items.stream().mapToInt(PageBoundaryTest::size).max().orElse(0) + 2;
            int whole = items.stream().mapToInt(item -> size(item) + 1).sum() + 2;
            for (int bytes = largest; bytes <= whole; bytes++) {
                assertThat(desk.all(request, 1000, bytes))
                        .as("seed %d, pages of %d bytes", seed, bytes)
                        .isEqualTo(items);
            }
            for (int count = 1; count <= items.size(); count++) {
                assertThat(desk.all(request, count, whole))
                        .as("seed %d, pages of %d items", seed, count)
                        .isEqualTo(items);
            }
        }
    }

    private static int size(JsonNode item) {
        return item.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private static String config(String type) {
        return switch (type) {
            case "CSV" -> "{\"InputType\":\"CSV\",\"CSVHeaderLocation\":\"FIRST_ROW\"}";
            case "JSON" -> "{\"InputType\":\"JSON\",\"ItemsPointer\":\"/rows\"}";
            default -> "{\"InputType\":\"JSONL\"}";
        };
    }

    private static List<JsonNode> items(String type, Random random) {
        List<JsonNode> items = new ArrayList<>();
        int count = random.nextInt(8);
        for (int i = 0; i < count; i++) {
            items.add(type.equals("CSV") ? csvItem(random) : jsonItem(random, 0));
        }
        return items;
    }

    private static JsonNode csvItem(Random random) {
        return ItemJson.MAPPER.createObjectNode().put("ä", text(random)).put("b", "x" + text(random));
    }

    private static JsonNode jsonItem(Random random, int depth) {
        return switch (random.nextInt(depth > 2 ? 5 : 7)) {
            case 0 -> ItemJson.MAPPER.getNodeFactory().numberNode(random.nextInt(2_000) - 1_000);
            case 1 -> ItemJson.MAPPER.getNodeFactory().booleanNode(random.nextBoolean());
            case 2 -> ItemJson.MAPPER.getNodeFactory().nullNode();
            case 3, 4 -> ItemJson.MAPPER.getNodeFactory().textNode(text(random));
            case 5 -> {
                var array = ItemJson.MAPPER.createArrayNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    array.add(jsonItem(random, depth + 1));
                }
                yield array;
            }
            default -> {
                var object = ItemJson.MAPPER.createObjectNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    object.set(text(random), jsonItem(random, depth + 1));
                }
                yield object;
            }
        };
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(TEXTS[random.nextInt(TEXTS.length)]);
        }
        return text.toString();
    }

    /** The file that holds these items, with blanks and line ends here and there that mean nothing. */
    private static String text(String type, List<JsonNode> items, Random random) {
        String mark = random.nextInt(4) == 0 ? "\uFEFF" : "";
        String lineEnd = random.nextBoolean() ? "\n" : "\r\n";
        var text = new StringBuilder(mark);
        switch (type) {
            case "CSV" -> {
                text.append("ä,b").append(lineEnd);
                for (JsonNode item : items) {
                    text.append(field(item.path("ä").asText(), random))
                            .append(',')
                            .append(field(item.path("b").asText(), random))
                            .append(lineEnd.repeat(1 + random.nextInt(2)));
                }
            }
            case "JSON" -> {
                text.append("{\"before\":{\"rows\":[0]},").append(blank(random)).append("\"rows\":[");
                for (int i = 0; i < items.size(); i++) {
                    text.append(i == 0 ? "" : ",")
                            .append(blank(random))
                            .append(items.get(i))
                            .append(blank(random));
                }
                text.append("],\"after\":[1]}");
            }
            default -> {
                for (JsonNode item : items) {
                    text.append(item).append(lineEnd.repeat(1 + random.nextInt(2)));
                }
            }
        }
        return text.toString();
    }

    private static String blank(Random random) {
        return " \n\t".substring(random.nextInt(4));
    }

    private static String field(String text, Random random) {
        boolean plain = text.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
        return plain && random.nextBoolean() ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
}
