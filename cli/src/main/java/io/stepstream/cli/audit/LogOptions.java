package io.stepstream.cli.audit;

import io.stepstream.audit.log.ClusterLog;
import io.stepstream.audit.log.ExportedLog;
import io.stepstream.audit.log.FolderLog;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.UnreadableLog;
import io.stepstream.cli.Unusable;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the log is: a cluster, a stopped data folder or an exported file; one of them, the data folder {@code .stepstream} by default. */
public final class LogOptions {
    private static final Path DEFAULT_FOLDER = Path.of(".stepstream");

    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            description = "The data folder of a dev mode that is stopped (default: .stepstream).")
    private @Nullable Path dataDir;

    @Option(names = "--file", paramLabel = "FILE", description = "A log that 'audit export --format log' has written.")
    private @Nullable Path file;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "A running cluster; with --registry.")
    private @Nullable String bootstrapServers;

    @Option(names = "--registry", paramLabel = "URL", description = "The cluster's schema registry.")
    private @Nullable URI registry;

    @Option(
            names = "--client-config",
            paramLabel = "FILE",
            description = "Properties of Kafka's clients, as for TLS and SASL.")
    private @Nullable Path clientConfig;

    @Option(
            names = "--master-keys",
            paramLabel = "FILE",
            description = "The master keys, to open what is sealed (default: those of the data folder).")
    private @Nullable Path masterKeys;

    /** Made by picocli, as a mixin. */
    public LogOptions() {}

    /**
     * Opens the log.
     *
     * @throws Unusable if there is none, or the options contradict each other
     */
    public LogSource open() {
        if (count() > 1) {
            throw new Unusable("give one of --data-dir, --file and --bootstrap-servers: a log is read from one place");
        }
        if (file != null) {
            var exported = file;
            return opened(() -> new ExportedLog(exported));
        }
        if (bootstrapServers != null) {
            if (registry == null) {
                throw new Unusable("--bootstrap-servers needs --registry, the URL of the cluster's schema registry");
            }
            return new ClusterLog(clients(), new HttpSchemaRegistry(registry));
        }
        return opened(() -> new FolderLog(folder()));
    }

    /**
     * The master keys that sealed payloads can be opened with; absent if there are none.
     *
     * @throws Unusable if their file cannot be read
     */
    public Optional<MasterKeys> masterKeys() {
        var own = masterKeys != null || file != null || bootstrapServers != null
                ? Optional.ofNullable(masterKeys)
                : Optional.of(folder().resolve("master-keys")).filter(Files::exists);
        return own.map(LogOptions::read);
    }

    private static MasterKeys read(Path keys) {
        try {
            return MasterKeys.parse(Files.readAllLines(keys), keys.toString());
        } catch (IOException e) {
            throw new Unusable("the master keys in " + keys + " cannot be read: " + e);
        } catch (IllegalArgumentException e) {
            throw new Unusable(String.valueOf(e.getMessage()));
        }
    }

    /** The registry of the cluster that was named. */
    Optional<URI> registry() {
        return Optional.ofNullable(registry);
    }

    /** Settings for clients of the cluster that was named. */
    Map<String, Object> clients() {
        var settings = new HashMap<String, Object>();
        if (clientConfig != null) {
            var given = new Properties();
            try (var reader = Files.newBufferedReader(clientConfig)) {
                given.load(reader);
            } catch (IOException e) {
                throw new Unusable("--client-config " + clientConfig + " cannot be read: " + e);
            }
            given.stringPropertyNames().forEach(name -> settings.put(name, given.getProperty(name)));
        }
        if (bootstrapServers != null) {
            settings.put("bootstrap.servers", bootstrapServers);
        }
        return settings;
    }

    private int count() {
        return (dataDir == null ? 0 : 1) + (file == null ? 0 : 1) + (bootstrapServers == null ? 0 : 1);
    }

    private Path folder() {
        return dataDir == null ? DEFAULT_FOLDER : dataDir;
    }

    private static LogSource opened(Supplier<LogSource> log) {
        try {
            return log.get();
        } catch (UnreadableLog e) {
            throw new Unusable(String.valueOf(e.getMessage()));
        }
    }
}
