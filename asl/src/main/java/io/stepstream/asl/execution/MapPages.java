package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.asl.data.Document;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The items of a Map run that wait for their children, a page at a time. */
final class MapPages {
    /** A page that is read to start one child is at most so large, but for a single item that is larger. */
    static final int PAGE_BYTES = 4 * 1024;

    private final StepBuilder step;

    MapPages(StepBuilder step) {
        this.step = step;
    }

    /** The entries of an array; the fields of an object, each as AWS shows one. */
    static List<JsonNode> entries(JsonNode items) {
        var entries = new ArrayList<JsonNode>();
        if (items.isObject()) {
            for (var field : items.properties()) {
                entries.add(JsonNodeFactory.instance
                        .objectNode()
                        .put("Key", field.getKey())
                        .set("Value", field.getValue()));
            }
        } else {
            items.forEach(entries::add);
        }
        return entries;
    }

    /** Writes items into pages. */
    WaitRow.MapRun add(WaitRow.MapRun run, List<JsonNode> items, boolean last) {
        var next = run.progress().pages();
        var page = JsonNodeFactory.instance.arrayNode();
        var bytes = 0;
        for (var item : items) {
            var size = bytes(item);
            if (!page.isEmpty() && bytes + size > PAGE_BYTES) {
                step.rows().putPage(run.ticket(), next++, Document.of(page));
                page = JsonNodeFactory.instance.arrayNode();
                bytes = 0;
            }
            page.add(item);
            bytes += size;
        }
        if (!page.isEmpty()) {
            step.rows().putPage(run.ticket(), next++, Document.of(page));
        }
        return run.with(run.progress().with(next - run.progress().pages(), items.size(), last));
    }

    /** What can be given to a child now. */
    sealed interface Taken {
        /** One item, and the run's progress once a child has it. */
        record Item(JsonNode item, MapProgress then) implements Taken {}

        /** The items of a batch. */
        record Batch(List<JsonNode> items, MapProgress then) implements Taken {}

        /** The next page is needed first. */
        record MoreNeeded() implements Taken {}

        /** Every item has its child. */
        record Nothing() implements Taken {}
    }

    /** Takes what the next child is to get; the run's rows are not changed yet. */
    Taken take(WaitRow.MapRun run) {
        var progress = run.progress();
        if (!progress.hasItems()) {
            return progress.complete() ? new Taken.Nothing() : new Taken.MoreNeeded();
        }
        if (run.bounds().batches()) {
            return takeBatch(run);
        }
        var place = new Place(progress.firstPage(), progress.offset());
        var item = itemAt(run, place);
        var then = after(run, place);
        return new Taken.Item(item, progress.startedUpTo(then.page(), then.item(), 1));
    }

    private Taken takeBatch(WaitRow.MapRun run) {
        var progress = run.progress();
        var most = run.bounds().batchItems().orElse(Long.MAX_VALUE);
        var limit = step.inputs().limits().payloadBytes();
        var mostBytes = Math.min(run.bounds().batchBytes().orElse((long) limit), limit);
        var items = new ArrayList<JsonNode>();
        var bytes = 0L;
        var place = new Place(progress.firstPage(), progress.offset());
        while (place.page() < progress.pages() && items.size() < most) {
            var item = itemAt(run, place);
            bytes += bytes(item) + 1;
            if (!items.isEmpty() && bytes > mostBytes) {
                return new Taken.Batch(items, progress.startedUpTo(place.page(), place.item(), items.size()));
            }
            items.add(item);
            place = after(run, place);
        }
        return items.size() < most && !progress.complete()
                ? new Taken.MoreNeeded()
                : new Taken.Batch(items, progress.startedUpTo(place.page(), place.item(), items.size()));
    }

    private record Place(int page, int item) {}

    private JsonNode itemAt(WaitRow.MapRun run, Place place) {
        return step.rows().page(run.ticket(), place.page()).tree().get(place.item());
    }

    private Place after(WaitRow.MapRun run, Place place) {
        var last = place.item() + 1
                == step.rows().page(run.ticket(), place.page()).tree().size();
        return last ? new Place(place.page() + 1, 0) : new Place(place.page(), place.item() + 1);
    }

    /** What there is to tell of the items of a page that have no child, and will have none. */
    ArrayNode pending(WaitRow.MapRun run, int page) {
        var items = step.rows().page(run.ticket(), page).tree();
        var pending = JsonNodeFactory.instance.arrayNode();
        var first = page == run.progress().firstPage() ? run.progress().offset() : 0;
        for (var item = first; item < items.size(); item++) {
            pending.addObject().put("Input", items.get(item).toString()).put("Status", "PENDING");
        }
        return pending;
    }

    /** Forgets the pages whose items all have their children now. */
    void release(WaitRow.MapRun run, MapProgress then) {
        for (var page = run.progress().firstPage(); page < then.firstPage(); page++) {
            step.rows().deletePage(run.ticket(), page);
        }
    }

    /** Forgets all pages. */
    void releaseAll(WaitRow.MapRun run) {
        for (var page = run.progress().firstPage(); page < run.progress().pages(); page++) {
            step.rows().deletePage(run.ticket(), page);
        }
    }

    static ArrayNode array(List<JsonNode> items) {
        return JsonNodeFactory.instance.arrayNode().addAll(items);
    }

    private static int bytes(JsonNode item) {
        return item.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** What a reader has answered. */
    record Answer(List<JsonNode> items, Optional<Document> cursor) {

        /** Reads an answer; empty if it is none, or would never come to an end. */
        static Optional<Answer> read(Document output) {
            var items = output.tree().path("items");
            var cursor = output.tree().path("cursor");
            var last = cursor.isNull() || cursor.isMissingNode();
            if (!items.isArray() || (items.isEmpty() && !last)) {
                return Optional.empty();
            }
            return Optional.of(new Answer(entries(items), last ? Optional.empty() : Optional.of(Document.of(cursor))));
        }
    }
}
