package io.stepstream.worker;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * How far the requests of one partition are done, when they are done in any order. A classic group keeps one offset for a partition: that of
 * the oldest request which is not done. Which later ones are done, and how often each that is not was begun, is in that offset's
 * metadata, so that whoever gets the partition next does not do it again, and knows when a request has killed its workers often enough.
 */
final class Progress {

    /** Requests between the oldest that is not done and the newest that was begun: keeps the metadata well under the broker's 4096 bytes. */
    static final int WINDOW = 128;

    private static final int DONE = 0;

    /** How often each request was begun, from the oldest that is not done; {@link #DONE} for those that are done. */
    private final NavigableMap<Long, Integer> begun = new TreeMap<>();

    private long next;

    private Progress(long next) {
        this.next = next;
    }

    /** What the group has committed of a partition. */
    static Progress of(OffsetAndMetadata committed) {
        var progress = new Progress(committed.offset());
        progress.earlier(committed.metadata()).forEach((behind, count) -> {
            progress.begun.put(committed.offset() + behind, count);
        });
        return progress;
    }

    /** A partition of which nothing was committed. */
    static Progress from(long offset) {
        return new Progress(offset);
    }

    private Map<Integer, Integer> earlier(String metadata) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (String entry : metadata.split(",", -1)) {
            int colon = entry.indexOf(':');
            if (colon > 0 && entry.matches("[0-9]{1,6}:[0-9]{1,4}")) {
                counts.put(Integer.valueOf(entry.substring(0, colon)), Integer.valueOf(entry.substring(colon + 1)));
            }
        }
        return counts;
    }

    boolean isDone(long offset) {
        return offset < next || begun.getOrDefault(offset, -1) == DONE;
    }

    /** Whether another request may be begun before older ones are done. */
    boolean hasRoom() {
        return begun.size() < WINDOW;
    }

    /** Notes that a request is begun; answers how often it was by now. */
    int begin(long offset) {
        return begun.merge(offset, 1, Integer::sum);
    }

    void finish(long offset) {
        begun.put(offset, DONE);
        while (!begun.isEmpty() && begun.firstEntry().getValue() == DONE) {
            next = begun.firstKey() + 1;
            begun.pollFirstEntry();
        }
    }

    /** What is to be committed. */
    OffsetAndMetadata commitment() {
        long oldest = begun.isEmpty() ? next : begun.firstKey();
        var metadata = new StringBuilder();
        begun.forEach((offset, count) -> metadata.append(metadata.isEmpty() ? "" : ",")
                .append(offset - oldest)
                .append(':')
                .append(count));
        return new OffsetAndMetadata(oldest, metadata.toString());
    }
}
