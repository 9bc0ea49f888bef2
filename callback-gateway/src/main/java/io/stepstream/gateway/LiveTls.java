package io.stepstream.gateway;

import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.stepstream.gateway.EdgeSettings.TlsFiles;
import io.stepstream.gateway.watch.WatchedFiles;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's certificate as its files are now. Files that do not go together change nothing, and that is said. */
final class LiveTls implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveTls.class);
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private final TlsFiles files;
    private final WebServer server;
    private final WatchedFiles watch;
    private volatile Optional<String> problem = Optional.empty();

    private LiveTls(TlsFiles files, WebServer server) {
        this.files = files;
        this.server = server;
        this.watch = WatchedFiles.watch(List.of(files.certificates(), files.key()), this::reload);
    }

    /** Gives a running server these files' certificate whenever they change. */
    static LiveTls keep(TlsFiles files, WebServer server) {
        return new LiveTls(files, server);
    }

    /**
     * What the files say.
     *
     * @throws IllegalArgumentException if they are no certificate and its key
     */
    static Tls read(TlsFiles files) {
        try {
            var keys = Keys.builder()
                    .pem(pem ->
                            pem.certChain(Resource.create(files.certificates())).key(Resource.create(files.key())))
                    .build();
            requireMatch(keys);
            return Tls.builder()
                    .privateKey(keys)
                    .privateKeyCertChain(keys)
                    .enabledProtocols(PROTOCOLS)
                    .build();
        } catch (RuntimeException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "%s and %s are not a certificate and its private key (PKCS #8), both PEM: %s"
                            .formatted(files.certificates(), files.key(), e.getMessage()),
                    e);
        }
    }

    /** Two files are not replaced in one step: what is in between must not be taken over. */
    private static void requireMatch(Keys keys) throws GeneralSecurityException {
        if (keys.certChain().isEmpty()) {
            throw new GeneralSecurityException("there is no certificate");
        }
        var key = keys.privateKey().orElseThrow(() -> new GeneralSecurityException("there is no private key"));
        var algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        var probe = new byte[32];
        var signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(probe);
        var verifying = Signature.getInstance(algorithm);
        verifying.initVerify(keys.certChain().getFirst().getPublicKey());
        verifying.update(probe);
        if (!verifying.verify(signing.sign())) {
            throw new GeneralSecurityException("the key is not the certificate's");
        }
    }

    /** Why the files as they are now are not in force; empty if they are. */
    Optional<String> problem() {
        return problem;
    }

    private synchronized void reload() {
        try {
            server.reloadTls(read(files));
            problem = Optional.empty();
            LOG.info("The certificate in {} is in force", files.certificates());
        } catch (IllegalArgumentException e) {
            problem =
                    Optional.of("The certificate's files have changed and cannot be used, those before stay in force: "
                            + e.getMessage());
            LOG.error(problem.get());
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
