package io.stepstream.cli.serve;

import io.stepstream.settings.Key;
import io.stepstream.settings.Settings;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a service's settings are, besides system properties and environment. */
public final class ConfigOption {

    /** The property that has logback read another configuration than that of the commands. */
    private static final String LOGBACK = "logback.configurationFile";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Properties file with settings; what is in the environment goes before it (docs/configuration.md).")
    private @Nullable Path file;

    /** Made by picocli, as a mixin. */
    public ConfigOption() {}

    /** To be called before the first logger is made. */
    static void logToTerminal() {
        if (System.getProperty(LOGBACK) == null) {
            System.setProperty(LOGBACK, "logback-service.xml");
        }
    }

    /**
     * The settings, with the log going to the terminal from now on: to be asked for before the first logger is made.
     *
     * @throws IllegalArgumentException if they cannot be used
     */
    public Settings settings() {
        logToTerminal();
        var properties = new Properties();
        properties.putAll(System.getProperties());
        if (file != null) {
            properties.setProperty(Key.CONFIG.property(), file.toString());
        }
        return Settings.of(properties, System.getenv());
    }
}
