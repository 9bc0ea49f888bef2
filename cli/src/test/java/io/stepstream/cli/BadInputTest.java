package io.stepstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps the command from its work is said in one line, with what to do, and exits with 1. */
class BadInputTest {

    @TempDir
    Path folder;

    @Test
    void aPortInUse() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(saidBy(
                            "dev",
                            "--data-dir",
                            folder.resolve("d").toString(),
                            "--kafka-port",
                            port,
                            "--http-port",
                            "0"))
                    .isEqualTo("stepstream: port " + port
                            + " for Kafka is in use; stop what listens there, or choose another by --kafka-port");
        }
    }

    @Test
    void aWorkloadThatThereIsNot() {
        var said = Said.by("bench", "--workload", "four-tasks");
        assertThat(said.err().strip())
                .isEqualTo(
                        "stepstream: --workload: there is no workload four-tasks, but three-tasks, callback, fan-out,"
                                + " parked, gateway");
        assertThat(said.status()).isEqualTo(2);
    }

    @Test
    void chaosOfTwoBrokers() {
        var said = Said.by("chaos", "--brokers", "2");
        assertThat(said.err().strip())
                .isEqualTo(
                        "stepstream: 2 brokers: give 1, or 3 for a replication factor of 3 and a minimum of 2 in sync");
        assertThat(said.status()).isEqualTo(2);
    }

    @Test
    void aFolderThatChaosWouldEmpty() throws IOException {
        Path letter = Files.writeString(folder.resolve("letter.txt"), "dear");
        assertThat(saidBy("chaos", "--data-dir", folder.toString()))
                .contains("folder " + folder + " holds other things than a chaos run's");
        assertThat(letter).exists();
    }

    @Test
    void aFolderThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(saidBy("dev", "--data-dir", file.resolve("data").toString()))
                .startsWith("stepstream: data folder " + file.resolve("data") + " cannot be written")
                .contains("--data-dir");
    }

    @Test
    void aFolderOfOtherThings() throws IOException {
        Files.writeString(folder.resolve("letter.txt"), "dear");
        assertThat(saidBy("demo", "approval", "--data-dir", folder.toString()))
                .startsWith("stepstream: folder " + folder + " holds other things than Stepstream's data");
        assertThat(folder).isDirectoryContaining("glob:**letter.txt").isDirectoryNotContaining("glob:**stepstream*");
    }

    @Test
    void aFolderOfAnotherVersion() throws IOException {
        Files.writeString(folder.resolve("stepstream-data"), "99\n");
        assertThat(saidBy("dev", "--data-dir", folder.toString()))
                .contains("made by another version of Stepstream (layout 99");
    }

    @Test
    void aFolderOfAnotherKafkaCluster() throws IOException {
        Files.writeString(folder.resolve("stepstream-data"), "1\n");
        Files.createDirectories(folder.resolve("kafka"));
        Files.writeString(
                folder.resolve("kafka/meta.properties"), "version=1\ncluster.id=MkU3OEVBNTcwNTJENDM2Qk\nnode.id=77\n");
        assertThat(saidBy("dev", "--data-dir", folder.toString(), "--http-port", "0", "--kafka-port", "0"))
                .contains(folder.resolve("kafka").toString());
    }

    @Test
    void aBucketThatIsNoFolder() {
        Path missing = folder.resolve("missing");
        assertThat(saidBy(
                        "dev",
                        "--bucket",
                        "orders=" + missing,
                        "--data-dir",
                        folder.resolve("d").toString()))
                .isEqualTo("stepstream: --bucket orders=" + missing + ": " + missing
                        + " is no folder; make it, or give one that is there");
        assertThat(saidBy(
                        "dev",
                        "--bucket",
                        "My_Orders=" + folder,
                        "--data-dir",
                        folder.resolve("d").toString()))
                .startsWith("stepstream: --bucket: \"My_Orders\" is no bucket's name: 3 to 63 lower-case letters");
        assertThat(folder.resolve("d")).doesNotExist();
    }

    private static String saidBy(String... args) {
        var err = new StringWriter();
        int status = Stepstream.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(err, true))
                .execute(args);
        assertThat(status).isEqualTo(1);
        assertThat(err.toString().strip()).doesNotContain("\n");
        return err.toString().strip();
    }
}
