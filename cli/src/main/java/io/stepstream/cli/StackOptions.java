package io.stepstream.cli;

import io.stepstream.cli.dev.DataFolder;
import io.stepstream.cli.dev.DevPorts;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where dev mode keeps its data and listens. */
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

    @Option(names = "--timings", hidden = true, description = "Tell how long each part of the start took.")
    private boolean timings;

    /** Opens the data folder, and has the log written into it. */
    DataFolder openFolder() {
        DataFolder folder = DataFolder.open(dataDir);
        Stepstream.logInto(folder);
        return folder;
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
