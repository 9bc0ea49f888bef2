package io.stepstream.integrations.items.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bucket that is a directory: what is read and written stays in it. */
class MappedDirectoriesTest {

    @TempDir
    Path folder;

    private Path bucket;
    private Path outside;
    private ObjectStore store;

    @BeforeEach
    void open() throws Exception {
        bucket = Files.createDirectory(folder.resolve("bucket"));
        outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        store = MappedDirectories.open(Map.of("data", bucket));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static ObjectAddress at(String key) {
        return ObjectAddress.of("data", key);
    }

    private void write(String key, String content) throws StoreFailure {
        store.write(at(key), content.getBytes(StandardCharsets.UTF_8), "text/plain");
    }

    private String read(String key) throws StoreFailure {
        StoredObject object = store.find(at(key));
        return new String(store.read(object, 0, 100), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "/",
                "/secret",
                "../outside/secret",
                "a/../../outside/secret",
                "a/./b",
                "a//b",
                "a/",
                "..\\outside\\secret",
                "a\0b"
            })
    void aKeyThatIsNoPathInTheDirectoryIsRefused(String key) {
        assertThatThrownBy(() -> store.find(at(key)))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("is refused");
        assertThatThrownBy(() -> write(key, "x"))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("is refused");
        assertThat(outside.resolve("secret")).hasContent("secret");
    }

    @Test
    void aSymbolicLinkIsNotFollowedOut() throws Exception {
        Files.createSymbolicLink(bucket.resolve("file"), outside.resolve("secret"));
        Files.createSymbolicLink(bucket.resolve("folder"), outside);
        Files.createSymbolicLink(bucket.resolve("relative"), Path.of("../outside/secret"));
        for (String key : List.of("file", "folder/secret", "relative")) {
            assertThatThrownBy(() -> store.find(at(key)))
                    .hasMessageContaining("a symbolic link leads out of the bucket's directory");
        }
        assertThatThrownBy(() -> write("folder/new", "x")).hasMessageContaining("leads out");
        assertThatThrownBy(() -> write("folder/sub/new", "x")).hasMessageContaining("leads out");
        assertThat(outside).isDirectoryNotContaining("glob:**new").isDirectoryNotContaining("glob:**sub");
        write("file", "mine");
        assertThat(read("file")).isEqualTo("mine");
        assertThat(outside.resolve("secret")).hasContent("secret");
        assertThat(keys("", Optional.empty(), 10)).containsExactly("file");
    }

    @Test
    void aSymbolicLinkInsideIsFollowed() throws Exception {
        write("real/file", "x");
        Files.createSymbolicLink(bucket.resolve("link"), bucket.resolve("real"));
        assertThat(read("link/file")).isEqualTo("x");
        write("link/other", "y");
        assertThat(read("real/other")).isEqualTo("y");
    }

    @Test
    void writingReplacesTheWholeAndLeavesNothingBeside() throws Exception {
        write("a/b/c", "first");
        write("a/b/c", "second");
        assertThat(read("a/b/c")).isEqualTo("second");
        try (var files = Files.list(bucket.resolve("a/b"))) {
            assertThat(files).hasSize(1);
        }
        assertThatThrownBy(() -> write("a/b/c/d", "x"))
                .hasMessageContaining("is a file, and the key needs a directory there");
        assertThatThrownBy(() -> write("a/b", "x")).isInstanceOf(StoreFailure.class);
        assertThatThrownBy(() -> store.find(at("a/b"))).hasMessageContaining("is no file");
    }

    @Test
    void aFileThatIsAnotherOneIsNotRead() throws Exception {
        write("file", "12345");
        StoredObject object = store.find(at("file"));
        assertThat(store.read(object, 1, 2)).asString(StandardCharsets.UTF_8).isEqualTo("23");
        assertThat(store.read(object, 3, 100)).asString(StandardCharsets.UTF_8).isEqualTo("45");
        Files.setLastModifiedTime(bucket.resolve("file"), FileTime.from(Instant.EPOCH));
        assertThatThrownBy(() -> store.read(object, 0, 5)).hasMessageContaining("has changed");
        Files.delete(bucket.resolve("file"));
        assertThatThrownBy(() -> store.read(object, 0, 5)).hasMessageContaining("has changed");
    }

    @Test
    void keysAreListedInTheOrderOfTheirBytes() throws Exception {
        List<String> keys = List.of(
                "B", "a-b", "a.b", "a/b", "a/b.c/d", "a/b/c", "a/é", "a/\uFFFD", "a/\uD83D\uDE00", "a0", "b", "é");
        for (String key : keys) {
            if (!key.equals("a/b")) {
                write(key, key);
            }
        }
        List<String> listed = keys.stream().filter(key -> !key.equals("a/b")).toList();
        assertThat(keys("", Optional.empty(), 100)).isEqualTo(listed);
        for (int most = 1; most <= 4; most++) {
            assertThat(pages("", most)).as("pages of %d", most).isEqualTo(listed);
        }
        assertThat(keys("a/", Optional.empty(), 100)).isEqualTo(listed.subList(3, 8));
        assertThat(keys("a/b", Optional.empty(), 100)).isEqualTo(listed.subList(3, 5));
        assertThat(keys("a", Optional.of("a/b.c/d"), 2)).isEqualTo(listed.subList(4, 6));
        assertThat(keys("..", Optional.empty(), 100)).isEmpty();
        assertThat(keys("nothing/", Optional.empty(), 100)).isEmpty();
    }

    private List<String> keys(String prefix, Optional<String> after, int most) throws StoreFailure {
        return store.list("data", prefix, after, most).objects().stream()
                .map(ListedObject::key)
                .toList();
    }

    private List<String> pages(String prefix, int most) throws StoreFailure {
        List<String> keys = new ArrayList<>();
        Optional<String> last = Optional.empty();
        Listing page;
        do {
            page = store.list("data", prefix, last, most);
            page.objects().forEach(object -> keys.add(object.key()));
            last = Optional.of(keys.getLast());
        } while (page.rest() == Listing.Rest.MORE);
        return keys;
    }

    @Test
    void settingsSayWhatIsWrongWithThem() {
        assertThatThrownBy(() -> MappedDirectories.open(Map.of("data", folder.resolve("none"))))
                .hasMessageContaining("bucket data: directory " + folder.resolve("none") + " cannot be read");
        assertThatThrownBy(() -> MappedDirectories.open(Map.of("data", outside.resolve("secret"))))
                .hasMessageContaining("is no directory");
        assertThatThrownBy(() -> BucketSettings.ofDirectories(Map.of("My_Bucket", folder)))
                .hasMessageContaining("\"My_Bucket\" is no bucket's name");
        assertThatThrownBy(() -> BucketSettings.ofDirectories(Map.of())).hasMessageContaining("no bucket is set");
    }
}
