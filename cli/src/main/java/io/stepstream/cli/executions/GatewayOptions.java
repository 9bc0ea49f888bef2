package io.stepstream.cli.executions;

import io.stepstream.cli.dev.Trouble;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which gateway is asked, and as whom. */
final class GatewayOptions {
    @Option(
            names = "--gateway",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "The gateway (default: ${DEFAULT-VALUE}, that of dev mode).")
    private URI uri = URI.create("http://127.0.0.1:8080");

    @Option(names = "--key-file", paramLabel = "FILE", description = "A file with an operator's API key.")
    private @Nullable Path keyFile;

    Gateway open() {
        return new Gateway(uri, key());
    }

    private Optional<String> key() {
        if (keyFile == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(keyFile).strip());
        } catch (IOException e) {
            throw new Trouble("--key-file " + keyFile + " cannot be read: " + e.getMessage(), e);
        }
    }
}
