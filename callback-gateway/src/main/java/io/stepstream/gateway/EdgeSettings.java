package io.stepstream.gateway;

import io.stepstream.gateway.limits.HttpLimits;
import io.stepstream.gateway.limits.TrustedProxies;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a gateway meets the network.
 *
 * @param host name or address to listen on
 * @param credentials file that says who may call; without one everybody may do everything, and only on a loopback address
 * @param tls certificate and key, to listen with TLS
 * @param proxies whose word about where a request came from is taken
 * @param management where metrics and health are for machines: open to whoever reaches it
 */
public record EdgeSettings(
        String host,
        Optional<Path> credentials,
        Optional<TlsFiles> tls,
        HttpLimits limits,
        TrustedProxies proxies,
        Optional<Place> management) {

    /** For this machine only, and open to everybody on it. */
    public static final EdgeSettings LOOPBACK = new EdgeSettings(
            "127.0.0.1", Optional.empty(), Optional.empty(), HttpLimits.DEFAULT, TrustedProxies.NONE, Optional.empty());

    /**
     * Where something listens.
     *
     * @param port 0 for a free one
     */
    public record Place(String host, int port) {}

    /** PEM files: a certificate with its chain, and its private key in PKCS #8. */
    public record TlsFiles(Path certificates, Path key) {}

    public EdgeSettings {
        if (credentials.isEmpty() && !isLoopback(host)) {
            throw new IllegalArgumentException(
                    "host: %s can be reached from other machines, and without credentials everybody could do everything; give a credentials file (stepstream keys create), or listen on 127.0.0.1"
                            .formatted(host));
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("host: %s is no address of this machine".formatted(host), e);
        }
    }

    public EdgeSettings withHost(String other) {
        return new EdgeSettings(other, credentials, tls, limits, proxies, management);
    }

    public EdgeSettings withCredentials(Path file) {
        return new EdgeSettings(host, Optional.of(file), tls, limits, proxies, management);
    }

    public EdgeSettings withTls(TlsFiles files) {
        return new EdgeSettings(host, credentials, Optional.of(files), limits, proxies, management);
    }

    public EdgeSettings withLimits(HttpLimits other) {
        return new EdgeSettings(host, credentials, tls, other, proxies, management);
    }

    public EdgeSettings withProxies(TrustedProxies other) {
        return new EdgeSettings(host, credentials, tls, limits, other, management);
    }

    /** With metrics and health for machines there too. */
    public EdgeSettings withManagement(Place place) {
        return new EdgeSettings(host, credentials, tls, limits, proxies, Optional.of(place));
    }
}
