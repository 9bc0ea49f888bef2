package io.stepstream.integrations.items.writer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.items.store.ListedObject;
import io.stepstream.integrations.items.store.Listing;
import io.stepstream.integrations.items.store.ObjectStore;
import io.stepstream.integrations.items.store.StoreFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The manifest of a Map Run: its files as they are in the bucket, whoever wrote them, in the order of their parts. */
final class ResultManifest {

    /** What a manifest may name: of the largest parts, results of some 250 GB. */
    static final int MOST_FILES = 1_000_000;

    private static final Pattern NAME = Pattern.compile("(FAILED|PENDING|SUCCEEDED)_([0-9]{1,18})\\.jsonl?");

    private final MapRunFolder folder;
    private final Map<ResultStatus, List<PartFile>> files = new EnumMap<>(ResultStatus.class);
    private int count;

    private record PartFile(long part, ListedObject object) {}

    private ResultManifest(MapRunFolder folder) {
        this.folder = folder;
    }

    static ResultManifest of(ObjectStore store, MapRunFolder folder) throws StoreFailure {
        var manifest = new ResultManifest(folder);
        Optional<String> last = Optional.empty();
        Listing page;
        do {
            page = store.list(folder.bucket(), folder.folder(), last, ObjectStore.MAX_LISTED);
            for (ListedObject object : page.objects()) {
                manifest.add(object);
                last = Optional.of(object.key());
            }
        } while (page.rest() == Listing.Rest.MORE);
        return manifest;
    }

    private void add(ListedObject object) throws StoreFailure {
        Matcher name = NAME.matcher(object.key().substring(folder.folder().length()));
        if (!name.matches()) {
            return;
        }
        if (++count > MOST_FILES) {
            throw new StoreFailure("s3://" + folder.bucket() + "/" + folder.folder() + " has more than " + MOST_FILES
                    + " files, too many for one manifest; have the Map Run in several");
        }
        files.computeIfAbsent(ResultStatus.valueOf(name.group(1)), any -> new ArrayList<>())
                .add(new PartFile(Long.parseLong(name.group(2)), object));
    }

    byte[] json() {
        ObjectNode manifest = JsonNodeFactory.instance
                .objectNode()
                .put("DestinationBucket", folder.bucket())
                .put("MapRunArn", folder.mapRunArn());
        ObjectNode byStatus = manifest.putObject("ResultFiles");
        for (ResultStatus status : ResultStatus.values()) {
            var array = byStatus.putArray(status.name());
            files.getOrDefault(status, List.of()).stream()
                    .sorted(Comparator.comparingLong(PartFile::part))
                    .forEach(file -> array.addObject()
                            .put("Key", file.object().key())
                            .put("Size", file.object().size()));
        }
        return manifest.toString().getBytes(StandardCharsets.UTF_8);
    }
}
