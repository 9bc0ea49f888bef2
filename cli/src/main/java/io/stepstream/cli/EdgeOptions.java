package io.stepstream.cli;

import io.stepstream.cli.dev.Trouble;
import io.stepstream.gateway.EdgeSettings;
import io.stepstream.gateway.EdgeSettings.TlsFiles;
import io.stepstream.gateway.limits.HttpLimitSettings;
import io.stepstream.gateway.limits.TrustedProxies;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the gateway meets the network. */
final class EdgeOptions {

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description =
                    "Where the gateway listens; beyond this machine only with --credentials (default: 127.0.0.1).")
    private String host = "127.0.0.1";

    @Option(
            names = "--credentials",
            paramLabel = "FILE",
            description = "Who may call the gateway, as `stepstream keys create` writes it. Without, everybody may.")
    private @Nullable Path credentials;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "Certificate chain in PEM, for TLS.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key in PEM (PKCS #8).")
    private @Nullable Path key;

    @Option(
            names = "--limit",
            paramLabel = "NAME=VALUE",
            description =
                    "A limit of the gateway, such as body.seconds=20 or page.rate=20/s,200; give one option for each."
                            + " docs/security.md lists them.")
    private Map<String, String> limits = new LinkedHashMap<>();

    @Option(
            names = "--trusted-proxy",
            paramLabel = "NETWORK",
            description =
                    "A proxy, or a network of them such as 10.0.0.0/8, whose Forwarded or X-Forwarded-For header tells"
                            + " where a request came from; give one option for each.")
    private List<String> proxies = new ArrayList<>();

    EdgeSettings settings() {
        if ((certificate == null) != (key == null)) {
            throw new Trouble("--tls-cert and --tls-key go together; give both, or none");
        }
        try {
            var tls = certificate == null || key == null
                    ? Optional.<TlsFiles>empty()
                    : Optional.of(new TlsFiles(certificate, key));
            return new EdgeSettings(
                    host,
                    Optional.ofNullable(credentials),
                    tls,
                    read("--limit: ", () -> HttpLimitSettings.read(limits)),
                    read("--trusted-proxy: ", () -> TrustedProxies.of(proxies)),
                    Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new Trouble("--" + e.getMessage(), e);
        }
    }

    private static <T> T read(String option, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            throw new Trouble(option + e.getMessage(), e);
        }
    }
}
