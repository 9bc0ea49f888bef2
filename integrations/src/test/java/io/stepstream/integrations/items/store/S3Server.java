package io.stepstream.integrations.items.store;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/** A server that speaks S3, in this JVM, with one bucket {@code data} in memory. */
public final class S3Server implements AutoCloseable {

    private static final S3Settings.Credentials CREDENTIALS = new S3Settings.Credentials("key", "secret");

    private final S3Proxy server;

    public S3Server() throws Exception {
        var objects = new TransientNio2BlobStore();
        objects.createContainer("data");
        server = S3Proxy.builder()
                .blobStore(objects)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, CREDENTIALS.accessKeyId(), CREDENTIALS.secretAccessKey())
                .build();
        server.start();
    }

    public S3Settings settings() {
        return settings(CREDENTIALS);
    }

    S3Settings settings(S3Settings.Credentials credentials) {
        return new S3Settings(Optional.of(uri()), "us-east-1", Set.of("data", "missing"), Optional.of(credentials));
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
