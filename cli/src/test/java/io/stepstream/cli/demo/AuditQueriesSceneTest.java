package io.stepstream.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.audit.log.ClusterLog;
import io.stepstream.audit.log.FolderLog;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.records.HistoryScan;
import io.stepstream.audit.records.HistorySelection;
import io.stepstream.audit.show.ExecutionAt;
import io.stepstream.cli.Said;
import io.stepstream.cli.dev.DevPorts;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An auditor works on the data folder of the approval example, once that is stopped. */
class AuditQueriesSceneTest {

    @TempDir
    static Path folder;

    private static String approved = "";
    private static String denied = "";
    private static final List<String> watched = new CopyOnWriteArrayList<>();
    private static Said watchedByCommand = new Said(0, "", "");
    private static Instant between = Instant.EPOCH;
    private static Map<Integer, Long> begunSince = Map.of();

    /** One is approved, one denied, and nobody decides the third in time, which had two seconds. */
    @BeforeAll
    static void play() throws Exception {
        try (var scene = Scene.on(folder.resolve("data"), DevPorts.FREE)) {
            approved = scene.start("approved", "approver", "amira@example.org");
            var links = scene.links(approved);
            var watching = watch(scene, approved);
            scene.gateway.decide(links.approve(), "Good desks.");
            scene.end(approved);
            watching.join();
            watchedByCommand = Said.by(
                    "audit",
                    "show",
                    approved,
                    "--watch",
                    "--bootstrap-servers",
                    scene.stack.bootstrapServers(),
                    "--registry",
                    scene.stack.registry().toString());
            between = Instant.now();
            denied = scene.start("denied", "approver", "amira@example.org");
            scene.gateway.decide(scene.links(denied).deny(), "Too <b>dear</b>.");
            scene.end(denied);
            assertThat(scene.play(ApprovalDemo.Answer.BY_A_PERSON, Optional.of(2)))
                    .isFalse();
            begunSince = begunSince(scene);
        }
    }

    /** Follows an execution on the running cluster; returns once it is shown for the first time. */
    private static Thread watch(Scene scene, String arn) throws InterruptedException {
        var first = new CountDownLatch(1);
        var thread = Thread.ofVirtual().start(() -> {
            try (var cluster = new ClusterLog(
                    Map.of("bootstrap.servers", scene.stack.bootstrapServers()),
                    new HttpSchemaRegistry(scene.stack.registry()))) {
                new ExecutionAt(cluster, Optional.empty(), arn).follow(cluster, snapshot -> {
                    watched.add(snapshot.status());
                    first.countDown();
                });
            }
        });
        assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
        return thread;
    }

    /** Where Kafka says that each partition's steps since then begin. */
    private static Map<Integer, Long> begunSince(Scene scene) {
        try (var cluster = new ClusterLog(
                Map.of("bootstrap.servers", scene.stack.bootstrapServers()),
                new HttpSchemaRegistry(scene.stack.registry()))) {
            return cluster.partitions(LogTopic.HISTORY).keySet().stream()
                    .collect(Collectors.toMap(
                            Function.identity(),
                            partition -> cluster.firstSince(LogTopic.HISTORY, partition, between)));
        }
    }

    @Test
    void kafkaFindsWhereTheStepsOfATimeBegin() {
        try (var log = new FolderLog(folder.resolve("data"))) {
            var before = new HashMap<Integer, Long>();
            var since = new HashMap<Integer, Long>();
            new HistoryScan(log).run(HistorySelection.ALL, entry -> {
                var at = entry.stored();
                if (entry.record().getNow().isBefore(between)) {
                    before.put(at.partition(), at.offset());
                } else {
                    since.putIfAbsent(at.partition(), at.offset());
                }
                return true;
            });
            assertThat(since).isNotEmpty();
            assertThat(before).isNotEmpty();
            assertThat(begunSince).containsAllEntriesOf(since);
            before.forEach(
                    (partition, last) -> assertThat(begunSince.get(partition)).isGreaterThan(last));
        }
    }

    @Test
    void watchShowsEachStepUntilTheEnd() {
        assertThat(watched).hasSizeGreaterThan(1).startsWith("RUNNING").endsWith("SUCCEEDED");
        assertThat(watched).filteredOn("SUCCEEDED"::equals).hasSize(1);
        assertThat(watchedByCommand.status()).as(watchedByCommand.err()).isZero();
        assertThat(watchedByCommand.out()).contains("SUCCEEDED");
    }

    private static Said audit(String command, String... args) {
        var all = new String[args.length + 4];
        all[0] = "audit";
        all[1] = command;
        all[2] = "--data-dir";
        all[3] = folder.resolve("data").toString();
        System.arraycopy(args, 0, all, 4, args.length);
        return Said.by(all);
    }

    private static Path file(String name) {
        return folder.resolve(name);
    }

    private static String read(String name) throws Exception {
        return Files.readString(file(name));
    }

    private static Path definition(JsonNode definition) throws Exception {
        return Files.writeString(file("changed.asl.json"), definition.toString());
    }

    @Test
    void showAsItEndedAndWhileItWaited() throws Exception {
        var ended = audit("show", approved);
        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
        assertThat(ended.out()).contains("SUCCEEDED", approved);
        assertThat(audit("show", approved, "--json").out()).contains("The request was approved.");

        var waiting = Scene.json(audit("show", approved, "--at", "6", "--json").out());
        assertThat(waiting.path("notes")).isEmpty();
        assertThat(waiting.at("/root/state").asText()).isEqualTo("RequestApproval");
        assertThat(waiting.at("/root/phase").asText()).isEqualTo("awaiting task");
        assertThat(waiting.at("/tasks/0/name").asText()).isEqualTo("notify-approver");
        assertThat(waiting.at("/tasks/0/token").asText()).isEqualTo("***");
        assertThat(waiting.at("/tasks/0/input/body/token").asText()).isEqualTo("***");
        assertThat(waiting.at("/tasks/0/heartbeatDue").asText()).isNotEmpty();
    }

    @Test
    void showSaysWhatIsWrong() {
        assertThat(audit("show", approved + "x").status()).isEqualTo(2);
        assertThat(audit("show", approved + "x").err()).contains("no record of an execution " + approved + "x");
        assertThat(audit("show", approved, "--at", "2000").err()).contains("no event 2000");
        assertThat(audit("show", approved, "--at", "2001-01-01").err()).contains("yet");
        assertThat(audit("show", approved, "--at", "yesterday").err()).contains("--at yesterday is no time");
        assertThat(audit("show", approved, "--watch").err()).contains("--bootstrap-servers");
    }

    @Test
    void exportInEachFormat() throws Exception {
        for (var format : new String[] {"jsonl", "avro", "csv"}) {
            var said = audit(
                    "export",
                    "--format",
                    format,
                    "--output",
                    file("history." + format).toString());
            assertThat(said.status()).as(said.err()).isZero();
            assertThat(said.err()).contains("history records written");
        }
        var lines = read("history.jsonl").lines().toList();
        assertThat(lines).anyMatch(line -> line.contains("\"decision\":\"APPROVED\"") && line.contains("Good desks."));
        try (var avro = new DataFileReader<GenericRecord>(file("history.avro").toFile(), new GenericDatumReader<>())) {
            var records = 0;
            for (var _ : avro) {
                records++;
            }
            assertThat(records).isEqualTo(lines.size());
        }
        assertThat(read("history.csv")).contains("TaskSubmitted", "RequestApproval", "amira@example.org");
        assertThat(read("history.jsonl") + read("history.csv")).doesNotContainPattern("[A-Za-z0-9_-]{67}");
    }

    @Test
    void anExportedLogIsReadLikeTheFolder() {
        var log = file("copy.steplog").toString();
        assertThat(audit("export", "--format", "log", "--output", log).status()).isZero();

        assertThat(Said.by("audit", "show", approved, "--file", log).out())
                .isEqualTo(audit("show", approved).out());
        assertThat(audit("export", "--format", "log", "--output", log, "--state-machine", "approval")
                        .status())
                .isEqualTo(2);
    }

    @Test
    void reportTheDecisions() throws Exception {
        assertThat(audit("report", "--output", file("report.html").toString()).status())
                .isZero();
        assertThat(audit(
                                "report",
                                "--format",
                                "csv",
                                "--output",
                                file("report.csv").toString())
                        .status())
                .isZero();
        assertThat(audit(
                                "report",
                                "--format",
                                "json",
                                "--output",
                                file("report.json").toString())
                        .status())
                .isZero();

        assertThat(read("report.html"))
                .contains("Good desks.", "Too &lt;b&gt;dear&lt;/b&gt;.", "amira@example.org", "to Escalate");
        assertThat(read("report.csv").lines())
                .hasSize(4)
                .anyMatch(line -> line.contains("APPROVED") && line.contains("127.0.0.1"));
        var json = Scene.json(read("report.json"));
        assertThat(json.at("/figures/outcomes/APPROVED").asInt()).isEqualTo(1);
        assertThat(json.at("/figures/outcomes/DENIED").asInt()).isEqualTo(1);
        assertThat(json.at("/figures/outcomes/ESCALATED").asInt()).isEqualTo(1);
        assertThat(json.path("approvals")).anySatisfy(approval -> {
            assertThat(approval.path("executionArn").asText()).isEqualTo(approved);
            assertThat(approval.path("comment").asText()).isEqualTo("Good desks.");
            assertThat(approval.at("/decidedBy/name").asText()).isEqualTo("amira@example.org");
            assertThat(approval.at("/decidedBy/channel").asText()).isEqualTo("link");
            assertThat(approval.at("/decidedBy/link/purpose").asText()).isEqualTo("APPROVED");
            assertThat(approval.at("/decidedBy/address").asText()).isNotEmpty();
        });
    }

    @Test
    void whatIfTheDefinitionWereTheSameOrAnother() throws Exception {
        var definition = ApprovalDemo.definition(Optional.empty());
        var same = whatIf(definition(definition));
        assertThat(same.status()).as(same.out() + same.err()).isZero();
        assertThat(same.out()).contains("2  would have gone the same way", "0  another way", "0  cannot be told");

        // A rule in front of the one that there was, so that every state can still be reached.
        var choices = (ArrayNode) definition.at("/States/Decision/Choices");
        choices.insert(0, ((ObjectNode) choices.get(0).deepCopy()).put("Next", "Denied"));
        var other = whatIf(definition(definition));
        assertThat(other.status()).isEqualTo(1);
        assertThat(other.out())
                .contains(
                        "1  another way", "Decision goes on to another state", "recorded  Approved", "now       Denied")
                .contains(approved)
                .doesNotContain(denied);
    }

    private static Said whatIf(Path definition) {
        return audit("what-if", "--state-machine", "approval", "--definition", definition.toString());
    }
}
