package io.stepstream.cli;

import io.stepstream.cli.dev.Trouble;
import io.stepstream.gateway.EdgeSettings;
import io.stepstream.gateway.EdgeSettings.TlsFiles;
import io.stepstream.gateway.limits.HttpLimits;
import java.nio.file.Path;
import java.util.Optional;
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

    EdgeSettings settings() {
        if ((certificate == null) != (key == null)) {
            throw new Trouble("--tls-cert and --tls-key go together; give both, or none");
        }
        try {
            var tls = certificate == null || key == null
                    ? Optional.<TlsFiles>empty()
                    : Optional.of(new TlsFiles(certificate, key));
            return new EdgeSettings(host, Optional.ofNullable(credentials), tls, HttpLimits.DEFAULT);
        } catch (IllegalArgumentException e) {
            throw new Trouble("--" + e.getMessage(), e);
        }
    }
}
