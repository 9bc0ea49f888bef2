package io.stepstream.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.gateway.EdgeSettings.TlsFiles;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.TokenKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with a certificate made here, and another one while the gateway runs. Neither needs Kafka. */
class TlsIT {

    private static final URI AWAY = URI.create("http://127.0.0.1:1");

    @TempDir
    Path folder;

    private final TlsFiles files;

    TlsIT(@TempDir Path certificates) {
        files = new TlsFiles(certificates.resolve("tls.crt"), certificates.resolve("tls.key"));
    }

    /** Writes a new self-signed certificate and its key, both PEM, each in one step. */
    private void certify(String name) throws Exception {
        var store = folder.resolve(name + ".p12");
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-alias",
                        "a",
                        "-dname",
                        "CN=" + name,
                        "-validity",
                        "2",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        var said = new String(keytool.getInputStream().readAllBytes());
        assertThat(keytool.waitFor()).as(said).isZero();
        var keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        write(files.certificates(), "CERTIFICATE", keys.getCertificate("a").getEncoded());
        write(
                files.key(),
                "PRIVATE KEY",
                keys.getKey("a", "changeit".toCharArray()).getEncoded());
    }

    private static void write(Path file, String kind, byte[] bytes) throws IOException {
        var text = "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes), kind);
        var written = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
        Files.move(written, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private Gateway gateway() {
        return Gateway.start(new GatewaySettings(
                "127.0.0.1:1",
                AWAY,
                TokenKeys.generate(),
                "s",
                List.of(AWAY),
                0,
                "g",
                Map.of(),
                Arns.DEFAULT,
                EdgeSettings.LOOPBACK.withTls(files)));
    }

    /** Takes any certificate, and says whose it was. */
    private String subject(URI uri, String... protocols) throws Exception {
        var trust = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trust}, null);
        try (var socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), uri.getPort())) {
            if (protocols.length > 0) {
                socket.setEnabledProtocols(protocols);
            }
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            socket.getOutputStream()
                    .write("GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes());
            assertThat(new String(socket.getInputStream().readNBytes(12))).isEqualTo("HTTP/1.1 200");
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    @Test
    void aCertificateIsReplacedWhileItRuns() throws Exception {
        certify("first");
        try (var gateway = gateway()) {
            assertThat(gateway.uri().getScheme()).isEqualTo("https");
            assertThat(subject(gateway.uri())).isEqualTo("CN=first");
            assertThat(subject(gateway.uri(), "TLSv1.2")).isEqualTo("CN=first");
            assertThatThrownBy(() -> subject(gateway.uri(), "TLSv1.1")).isInstanceOf(SSLHandshakeException.class);
            certify("second");
            while (!subject(gateway.uri()).equals("CN=second")) {
                Thread.onSpinWait();
            }
            Files.writeString(files.certificates(), "no certificate");
            assertThat(subject(gateway.uri())).isEqualTo("CN=second");
        }
    }

    @Test
    void filesThatAreNoCertificateAreRefused() throws Exception {
        certify("good");
        Files.writeString(files.key(), "no key");
        assertThatThrownBy(this::gateway)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tls.key")
                .hasMessageContaining("PEM");
    }
}
