package io.stepstream.cli.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A certificate of this machine's loopback address that nobody has signed, made by the JDK's own tool.
 *
 * @param store with the private key
 * @param pem what others need to trust it
 */
record Certificate(Path store, String pem) {
    private static final String PASSWORD = "secret";

    static Certificate make(Path folder) throws IOException, InterruptedException {
        var store = folder.resolve("broker.p12");
        var pem = folder.resolve("broker.pem");
        keytool(
                store,
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=broker",
                "-ext",
                "SAN=ip:127.0.0.1");
        keytool(store, "-exportcert", "-alias", "broker", "-rfc", "-file", pem.toString());
        return new Certificate(store, Files.readString(pem));
    }

    private static void keytool(Path store, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        command.addAll(1, List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    /** Settings of who shows it. */
    Map<String, String> shown() {
        return Map.of(
                "ssl.keystore.location",
                store.toString(),
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.password",
                PASSWORD);
    }

    /** Settings of who trusts it, and nothing else. */
    Map<String, String> trusted() {
        return Map.of("ssl.truststore.type", "PEM", "ssl.truststore.certificates", pem);
    }
}
