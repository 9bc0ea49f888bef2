package io.stepstream.integrations.items.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every store does alike, and what a server that speaks S3 answers besides. */
class ObjectStoreTest {

    @TempDir
    static Path folder;

    private static S3Server server;
    private static Buckets buckets;

    /** A bucket of each kind. */
    enum Bucket {
        DIRECTORY("folder"),
        ENDPOINT("data");

        private final String bucket;

        Bucket(String bucket) {
            this.bucket = bucket;
        }

        ObjectAddress at(String key) {
            return ObjectAddress.of(bucket, key);
        }
    }

    @BeforeAll
    static void open() throws Exception {
        server = new S3Server();
        buckets = Buckets.open(new BucketSettings(
                Map.of("folder", Files.createDirectory(folder.resolve("bucket"))), Optional.of(server.settings())));
    }

    @AfterAll
    static void close() throws Exception {
        buckets.close();
        server.close();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadInParts(Bucket bucket) throws Exception {
        buckets.write(bucket.at("parts/ä b+c%20.txt"), utf8("0123456789"), "text/plain");
        StoredObject object = buckets.find(bucket.at("parts/ä b+c%20.txt"));
        assertThat(object.size()).isEqualTo(10);
        for (int from = 0; from < 10; from++) {
            for (int length = 1; length < 12; length++) {
                assertThat(buckets.read(object, from, length))
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo("0123456789".substring(from, Math.min(10, from + length)));
            }
        }
        assertThat(buckets.find(bucket.at("parts/ä b+c%20.txt"))).isEqualTo(object);
    }

    @ParameterizedTest
    @EnumSource
    void anObjectThatWasReplacedIsNotRead(Bucket bucket) throws Exception {
        buckets.write(bucket.at("replaced"), utf8("old content"), "text/plain");
        StoredObject old = buckets.find(bucket.at("replaced"));
        buckets.write(bucket.at("replaced"), utf8("new"), "text/plain");
        assertThatThrownBy(() -> buckets.read(old, 0, 3)).hasMessageContaining("/replaced has changed");
        assertThatThrownBy(() -> buckets.read(old, 5, 3)).hasMessageContaining("/replaced has changed");
        assertThat(buckets.find(bucket.at("replaced")).tag()).isNotEqualTo(old.tag());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotThereIsNamed(Bucket bucket) {
        assertThatThrownBy(() -> buckets.find(bucket.at("none")))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("cannot read s3://" + bucket.bucket + "/none")
                .hasMessageContaining("there is no such object");
    }

    @ParameterizedTest
    @EnumSource
    void aListingIsPagedInOrder(Bucket bucket) throws Exception {
        List<String> keys = new ArrayList<>();
        for (String key : List.of("list/a-b", "list/a.b", "list/a/b", "list/a/c", "list/a0", "list/é")) {
            buckets.write(bucket.at(key), utf8(key), "text/plain");
            keys.add(key);
        }
        buckets.write(bucket.at("listless"), utf8("x"), "text/plain");
        for (int most = 1; most <= 7; most++) {
            List<String> listed = new ArrayList<>();
            Optional<String> last = Optional.empty();
            Listing page;
            do {
                page = buckets.list(bucket.bucket, "list/", last, most);
                assertThat(page.objects()).hasSizeBetween(1, most);
                page.objects().forEach(object -> listed.add(object.key()));
                last = Optional.of(listed.getLast());
            } while (page.rest() == Listing.Rest.MORE);
            assertThat(listed).as("pages of %d", most).isEqualTo(keys);
        }
        ListedObject entry = buckets.list(bucket.bucket, "list/a-b", Optional.empty(), 5)
                .objects()
                .getFirst();
        assertThat(entry.tag()).isEqualTo(buckets.find(bucket.at("list/a-b")).tag());
        assertThat(entry.size()).isEqualTo(8);
        assertThat(entry.storageClass()).isEqualTo("STANDARD");
    }

    @Test
    void anEndpointThatRefusesIsNamedWithWhatToDo() {
        try (var stranger = S3Endpoint.open(server.settings(new S3Settings.Credentials("key", "wrong")))) {
            assertThatThrownBy(() -> stranger.find(Bucket.ENDPOINT.at("x")))
                    .hasMessageContaining("at " + server.uri() + ": access is denied; check the credentials");
            assertThatThrownBy(() -> stranger.list("data", "", Optional.empty(), 1))
                    .hasMessageContaining("access is denied");
        }
        assertThatThrownBy(() -> buckets.write(ObjectAddress.of("missing", "x"), utf8("x"), "text/plain"))
                .hasMessageContaining("cannot write s3://missing/x");
        var nowhere = new S3Settings(
                Optional.of(URI.create("http://127.0.0.1:1")),
                "us-east-1",
                Set.of("data"),
                Optional.of(new S3Settings.Credentials("key", "secret")));
        try (var unreachable = S3Endpoint.open(nowhere)) {
            assertThatThrownBy(() -> unreachable.find(Bucket.ENDPOINT.at("x")))
                    .isInstanceOf(StoreFailure.class)
                    .hasMessageContaining("cannot read s3://data/x at http://127.0.0.1:1");
        }
    }

    @Test
    void noSecretIsShown() {
        assertThat(server.settings().toString()).doesNotContain("secret");
    }

    @Test
    void aBucketIsInOneStore() {
        assertThatThrownBy(() -> new BucketSettings(Map.of("data", folder), Optional.of(server.settings())))
                .hasMessageContaining("bucket data is both a directory and a bucket of the S3 endpoint");
    }
}
