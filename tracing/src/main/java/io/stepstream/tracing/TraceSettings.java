package io.stepstream.tracing;

import io.stepstream.settings.Key;
import io.stepstream.settings.Settings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Whether and how spans are exported, by the properties of OpenTelemetry's SDK.
 *
 * @param properties {@code otel.*}, as the SDK's autoconfiguration knows them; empty if no spans are to be made
 */
public record TraceSettings(Map<String, String> properties) {

    /** No spans. */
    public static final TraceSettings OFF = new TraceSettings(Map.of());

    static final String EXPORTER = "otel.traces.exporter";
    static final String ENDPOINT = "otel.exporter.otlp.endpoint";

    /** Each says where spans go, and so that there are to be some: that OpenTelemetry would send them to localhost else says nothing. */
    private static final List<String> SWITCHES = List.of(EXPORTER, ENDPOINT, "otel.exporter.otlp.traces.endpoint");

    public TraceSettings {
        properties = Map.copyOf(properties);
    }

    /** As this process is told: by its settings, by {@code otel.*} system properties and by {@code OTEL_*} variables. */
    public static TraceSettings of(Settings given) {
        return of(given.text(Key.TRACES_ENDPOINT), System.getProperties(), System.getenv());
    }

    /** As this process is told by system properties and variables alone. */
    public static TraceSettings ofProcess() {
        return of(Optional.empty(), System.getProperties(), System.getenv());
    }

    static TraceSettings of(Optional<String> endpoint, Properties system, Map<String, String> environment) {
        var properties = new TreeMap<String, String>();
        environment.forEach((name, value) -> {
            if (name.startsWith("OTEL_") && !value.isBlank()) {
                properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        for (var name : system.stringPropertyNames()) {
            if (name.startsWith("otel.")) {
                properties.put(name, system.getProperty(name));
            }
        }
        endpoint.ifPresent(address -> properties.put(ENDPOINT, address));
        return isOn(properties) ? new TraceSettings(properties) : OFF;
    }

    private static boolean isOn(Map<String, String> properties) {
        return SWITCHES.stream().anyMatch(properties::containsKey)
                && !"none".equals(properties.get(EXPORTER))
                && !Boolean.parseBoolean(properties.getOrDefault("otel.sdk.disabled", "false"));
    }

    /** Names only: headers of the exporter hold keys. */
    @Override
    public String toString() {
        return "TraceSettings" + properties.keySet();
    }
}
