package io.stepstream.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.worker.TaskContext;
import io.stepstream.worker.TaskHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps a decision in a file, and answers with a receipt. Done twice for the same request, it writes the same file. */
final class SaveFeedback implements TaskHandler<JsonNode> {

    private final Path folder;

    SaveFeedback(Path folder) {
        this.folder = folder;
    }

    @Override
    public @Nullable Object handle(JsonNode feedback, TaskContext task) throws IOException {
        Files.createDirectories(folder);
        String receipt = task.idempotencyKey().replaceAll("[^A-Za-z0-9._-]", "_");
        Path written = Files.writeString(folder.resolve("." + receipt + ".part"), feedback.toPrettyString());
        Files.move(written, folder.resolve(receipt + ".json"), StandardCopyOption.ATOMIC_MOVE);
        return Map.of("receipt", receipt);
    }
}
