package io.stepstream.cli.demo;

import io.stepstream.cli.dev.Trouble;
import io.stepstream.schemas.Arns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The demo's executions that have not ended, remembered over restarts: a file each, by the execution's name, with its ARN. */
final class WaitingList {

    /** An execution that the demo started. */
    record Started(String name, String arn) {
        String id() {
            return Arns.executionId(arn);
        }
    }

    private final Path folder;

    private WaitingList(Path folder) {
        this.folder = folder;
    }

    static WaitingList open(Path folder) {
        try {
            Files.createDirectories(folder);
            return new WaitingList(folder);
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    List<Started> all() {
        try (Stream<Path> files = Files.list(folder)) {
            List<Started> all = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                all.add(new Started(file.getFileName().toString(), Files.readString(file)));
            }
            return all;
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    void add(Started execution) {
        try {
            Files.writeString(folder.resolve(execution.name()), execution.arn());
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    void remove(Started execution) {
        try {
            Files.deleteIfExists(folder.resolve(execution.name()));
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    private static Trouble unusable(Path folder, IOException e) {
        return new Trouble("the demo's list of executions in " + folder + " cannot be used (" + e + ")", e);
    }
}
