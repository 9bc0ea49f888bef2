package io.stepstream.cli;

import io.stepstream.cli.dev.DataFolder;
import io.stepstream.cli.dev.DevPorts;
import io.stepstream.cli.dev.Trouble;
import io.stepstream.integrations.items.store.BucketSettings;
import io.stepstream.schemas.Arns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where dev mode keeps its data and listens, and which folders are buckets. */
final class StackOptions {

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description =
                    "Port of the gateway; the schema registry and the demo's inbox take the next two (default: 8080; 0: free ports).")
    private int httpPort;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "Port of Kafka (default: 9092; 0: a free one).")
    private int kafkaPort;

    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            defaultValue = ".stepstream",
            description = "Folder that everything is kept in (default: .stepstream).")
    private Path dataDir = Path.of(".stepstream");

    @Option(
            names = "--bucket",
            paramLabel = "NAME=FOLDER",
            description =
                    "A folder as a bucket, for distributed Maps to read items from and write results to; give one option for each.")
    private Map<String, Path> buckets = new LinkedHashMap<>();

    @Option(
            names = "--account",
            paramLabel = "DIGITS",
            defaultValue = "000000000000",
            description = "Account that ARNs name, 12 digits (default: 000000000000).")
    private String account = Arns.DEFAULT.account();

    @Option(names = "--timings", hidden = true, description = "Tell how long each part of the start took.")
    private boolean timings;

    /** Opens the data folder, and has the log written into it. */
    DataFolder openFolder() {
        DataFolder folder = DataFolder.open(dataDir);
        Stepstream.logInto(folder);
        return folder;
    }

    /** What distributed Maps may read and write; empty when no bucket is given. */
    Optional<BucketSettings> buckets() {
        buckets.forEach((name, directory) -> {
            if (!Files.isDirectory(directory)) {
                throw new Trouble("--bucket " + name + "=" + directory + ": " + directory
                        + " is no folder; make it, or give one that is there");
            }
        });
        try {
            return buckets.isEmpty() ? Optional.empty() : Optional.of(BucketSettings.ofDirectories(buckets));
        } catch (IllegalArgumentException e) {
            throw new Trouble("--bucket: " + e.getMessage(), e);
        }
    }

    /** Where resources are said to be. */
    Arns arns() {
        try {
            return new Arns(Arns.DEFAULT.partition(), Arns.DEFAULT.region(), account);
        } catch (IllegalArgumentException e) {
            throw new Trouble("--account: " + e.getMessage(), e);
        }
    }

    boolean timings() {
        return timings;
    }

    DevPorts ports() {
        return new DevPorts(httpPort, kafkaPort, beside(1));
    }

    int inboxPort() {
        return beside(2);
    }

    private int beside(int distance) {
        return httpPort == 0 ? 0 : httpPort + distance;
    }
}
