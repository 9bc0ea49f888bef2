package io.stepstream.asl.execution;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.Document;
import java.time.Instant;
import java.util.Optional;

/** An item reader over the objects that a recorded case expects: two items a page, so that cursors are used. */
final class RecordedItems {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int PAGE = 2;

    private RecordedItems() {}

    static Command answer(JsonNode setup, Effect.RequestTask task, Instant now) {
        var request = task.input().tree();
        var items = items(request.path("readerConfig"), body(setup, request.path("parameters")));
        if (items.isEmpty()) {
            return new Command.FailTask(
                    task.ticket(),
                    World.BINDING,
                    Optional.of("States.ItemReaderFailed"),
                    Optional.of("Attempting to map over non-iterable node."),
                    now);
        }
        var from = request.path("cursor").asInt(0);
        var until = Math.min(
                items.get().size(),
                from + Math.min(PAGE, request.path("maxItems").asInt()));
        var page = JsonNodeFactory.instance.objectNode();
        var taken = page.putArray("items");
        for (var index = from; index < until; index++) {
            taken.add(items.get().get(index));
        }
        if (until < items.get().size()) {
            page.put("cursor", until);
        } else {
            page.putNull("cursor");
        }
        return new Command.CompleteTask(task.ticket(), World.BINDING, Document.of(page), now);
    }

    private static String body(JsonNode setup, JsonNode parameters) {
        for (var step : setup) {
            var object = step.path("params");
            if (step.path("op").asText().equals("put_object")
                    && object.path("Bucket").equals(parameters.path("Bucket"))
                    && object.path("Key").equals(parameters.path("Key"))) {
                return object.path("Body").asText();
            }
        }
        throw new AssertionError("the case has no object " + parameters);
    }

    private static Optional<ArrayNode> items(JsonNode config, String body) {
        return switch (config.path("InputType").asText()) {
            case "JSON" -> json(body);
            case "CSV" -> Optional.of(csv(config, body));
            default -> throw new AssertionError("this reader does not read " + config);
        };
    }

    private static Optional<ArrayNode> json(String body) {
        try {
            return MAPPER.readTree(body) instanceof ArrayNode array ? Optional.of(array) : Optional.empty();
        } catch (JsonProcessingException e) {
            throw new AssertionError(body, e);
        }
    }

    private static ArrayNode csv(JsonNode config, String body) {
        var rows = body.lines().map(line -> line.split(",", -1)).toList();
        var items = JsonNodeFactory.instance.arrayNode();
        var given = config.path("CSVHeaderLocation").asText().equals("GIVEN");
        var headers = given
                ? config.path("CSVHeaders").valueStream().map(JsonNode::asText).toArray(String[]::new)
                : rows.getFirst();
        for (var row : given ? rows : rows.subList(1, rows.size())) {
            var item = items.addObject();
            for (var column = 0; column < headers.length; column++) {
                item.put(headers[column], column < row.length ? row[column] : "");
            }
        }
        return items;
    }
}
