package io.stepstream.cli.executions;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.cli.Unusable;
import io.stepstream.cli.dev.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** How far a run over the executions that a search finds has come, in a file, so that it can be gone on with. */
final class ProgressFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Optional<Path> file;

    ProgressFile(Optional<Path> file) {
        this.file = file;
    }

    /**
     * A run.
     *
     * @param id names the run in the keys of its requests
     * @param next where the search goes on; empty at its beginning
     */
    record Run(String id, Optional<String> next, long accepted, long refused, boolean finished) {
        Run with(Optional<String> place, long moreAccepted, long moreRefused) {
            return new Run(id, place, accepted + moreAccepted, refused + moreRefused, place.isEmpty());
        }
    }

    /** The run that the file tells of, or a new one. */
    Run begin(Verb verb, Map<String, String> query) {
        if (file.isEmpty() || !Files.exists(file.get())) {
            return new Run(UUID.randomUUID().toString(), Optional.empty(), 0, 0, false);
        }
        try {
            var stored = JSON.readTree(Files.readString(file.get()));
            if (!stored.path("verb").asText().equals(verb.text())
                    || !stored.path("query").equals(JSON.valueToTree(new TreeMap<>(query)))) {
                throw new Unusable(file.get() + " tells of another run ("
                        + stored.path("verb").asText() + " " + stored.path("query")
                        + "); give the same options, or another file");
            }
            var next = stored.path("next");
            return new Run(
                    stored.path("run").asText(),
                    next.isTextual() ? Optional.of(next.asText()) : Optional.empty(),
                    stored.path("accepted").asLong(),
                    stored.path("refused").asLong(),
                    stored.path("finished").asBoolean());
        } catch (IOException e) {
            throw new Trouble(file.get() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Replaces the file at once: there is never half of one. */
    void save(Verb verb, Map<String, String> query, Run run) {
        if (file.isEmpty()) {
            return;
        }
        var stored = JSON.createObjectNode()
                .put("verb", verb.text())
                .put("run", run.id())
                .put("next", run.next().orElse(null))
                .put("accepted", run.accepted())
                .put("refused", run.refused())
                .put("finished", run.finished());
        stored.set("query", JSON.valueToTree(new TreeMap<>(query)));
        var path = file.get().toAbsolutePath();
        try {
            var fresh = path.resolveSibling(path.getFileName() + ".new");
            Files.writeString(fresh, stored.toPrettyString() + "\n");
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new Trouble(path + " cannot be written: " + e.getMessage(), e);
        }
    }
}
