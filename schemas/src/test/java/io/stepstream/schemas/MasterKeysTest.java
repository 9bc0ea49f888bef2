package io.stepstream.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.avro.WrappedKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeysTest {

    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final String OLD = "1:" + "A".repeat(43);
    private static final String NEW = "2:" + "B".repeat(42) + "A";

    @Test
    void a_wrapped_key_opens_what_the_key_has_sealed() throws Exception {
        MasterKeys keys = MasterKeys.generate();
        ExecutionKey key = ExecutionKey.generate(ID);
        WrappedKey wrapped = keys.wrap(key);
        byte[] sealed = key.seal("here", "text".getBytes(UTF_8));
        ExecutionKey again = keys.unwrap(ID, wrapped);
        assertThat(again.keyId()).isEqualTo(key.keyId());
        assertThat(new String(again.open("here", sealed), UTF_8)).isEqualTo("text");
        assertThatThrownBy(() -> keys.unwrap("f".repeat(32), wrapped)).isInstanceOf(BrokenSeal.class);
        assertThatThrownBy(() -> again.open("there", sealed)).isInstanceOf(BrokenSeal.class);
    }

    @Test
    void after_a_rotation_the_old_key_unwraps_and_the_new_one_wraps() throws Exception {
        WrappedKey old = MasterKeys.parse(List.of(OLD), "file").wrap(ExecutionKey.generate(ID));
        MasterKeys rotated = MasterKeys.parse(List.of(OLD, NEW), "file");
        assertThat(rotated.unwrap(ID, old).keyId()).isEqualTo(old.getKeyId());
        assertThat(rotated.wrap(ExecutionKey.generate(ID)).getMasterKeyId()).isEqualTo(2);
        assertThatThrownBy(() -> MasterKeys.parse(List.of(NEW), "file").unwrap(ID, old))
                .isInstanceOf(MissingMasterKey.class)
                .hasMessage("master key 1, which the key of execution " + ID
                        + " is sealed under; put it back into the file of master keys, before the last line");
        assertThatThrownBy(() -> MasterKeys.none().unwrap(ID, old)).isInstanceOf(MissingMasterKey.class);
        assertThat(MasterKeys.none().canSeal()).isFalse();
    }

    @Test
    void what_is_sealed_under_the_master_key_itself_opens_after_a_rotation() throws Exception {
        byte[] sealed = MasterKeys.parse(List.of(OLD), "file").seal("row 7", "text".getBytes(UTF_8));
        byte[] opened = MasterKeys.parse(List.of(OLD, NEW), "file").open("row 7", sealed);
        assertThat(new String(opened, UTF_8)).isEqualTo("text");
    }

    @Test
    void a_file_is_made_once_and_never_shown(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("master-keys");
        WrappedKey wrapped = MasterKeys.loadOrCreate(file).wrap(ExecutionKey.generate(ID));
        MasterKeys again = MasterKeys.loadOrCreate(file);
        assertThat(again.unwrap(ID, wrapped).keyId()).isEqualTo(wrapped.getKeyId());
        assertThat(again).hasToString("MasterKeys[1], current 1");
        assertThat(Files.readAllLines(file).getFirst()).startsWith("# Unlocks sealed payloads");
        assertThatThrownBy(() -> MasterKeys.parse(List.of("1:short"), "the file"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Line 1 of the master key file the file has a secret");
    }
}
