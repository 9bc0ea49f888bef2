package io.stepstream.orchestrator.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepstream.local.InMemorySchemaRegistry;
import io.stepstream.orchestrator.metrics.Meters;
import io.stepstream.orchestrator.views.avro.IndexedStep;
import io.stepstream.orchestrator.views.avro.TaskState;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.LinkUse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewsTopologyTest {

    private static final String DECISION =
            "{\"decision\":\"DENIED\",\"comment\":\"no\",\"decidedBy\":\"Eve\",\"decidedAt\":\"2026-01-01T00:00:03Z\"}";

    @TempDir
    Path stateDir;

    private final RecordCodec codec = new RecordCodec(new InMemorySchemaRegistry());
    private final Steps steps = new Steps("one");
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private TopologyTestDriver driver;
    private TestInputTopic<String, byte[]> history;

    @BeforeEach
    void start() {
        var settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "views");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        driver = new TopologyTestDriver(
                ViewsTopology.build(codec, new Meters(registry), new Progress(), new Watches(), new Watches()),
                settings);
        history = topic(Topics.HISTORY);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void eachStepIsIndexedByItsFirstEvent() {
        give(steps.started("{}"), steps.events(3), steps.events(0), steps.events(2));

        assertThat(index())
                .containsExactly(
                        new IndexedStep(1L, 0L, 1L, 1), new IndexedStep(2L, 1L, 2L, 3), new IndexedStep(4L, 3L, 5L, 2));
    }

    @Test
    void redeliveredRecordsChangeNothing() {
        var records = new HistoryRecord[] {
            steps.started("{}"),
            steps.asks(7, "{}", "token"),
            steps.completed(7, "{}", Optional.empty()),
            steps.events(2)
        };
        give(records);
        var indexed = index();
        var ended = task(7);

        give(records);
        give(records[1]);

        assertThat(index()).isEqualTo(indexed);
        assertThat(task(7)).isEqualTo(ended);
    }

    @Test
    void aTaskIsPendingUntilItEnds() {
        give(steps.started("{}"), steps.asks(7, "{}", "token"));
        assertThat(task(7))
                .isEqualTo(new TaskState(
                        1L, 0, "mail", "Ask", Steps.at(2), Steps.at(2).plusSeconds(60), null));

        give(steps.ends(7, "TIMED_OUT"), steps.ends(7, "ABORTED"));
        assertThat(task(7).getEnded().getStatus()).isEqualTo("TIMED_OUT");
        assertThat(task(7).getEnded().getAt()).isEqualTo(Steps.at(3));
    }

    @Test
    void aDecisionByLinkNamesTheLinksApprover() {
        var link = new LinkUse("DENIED", "alice@example.org", null);
        give(steps.started("{}"), steps.asks(7, "{}", "token"), steps.completed(7, DECISION, Optional.of(link)));

        var decision = task(7).getEnded().getDecision();
        assertThat(decision.getDecision()).isEqualTo("DENIED");
        assertThat(decision.getComment()).isEqualTo("no");
        assertThat(decision.getDecidedBy()).isEqualTo("alice@example.org");
    }

    @Test
    void aDecisionWithoutALinkNamesWhoSaysToHaveDecided() {
        give(steps.started("{}"), steps.asks(7, "{}", "token"), steps.completed(7, DECISION, Optional.empty()));

        assertThat(task(7).getEnded().getDecision().getDecidedBy()).isEqualTo("Eve");
    }

    @Test
    void aDenialThatFailsTheTaskIsADecisionToo() {
        var cause = DECISION.replace("}", ",\"fields\":{\"a\":1}}");
        give(steps.started("{}"), steps.asks(7, "{}", "t"), steps.failed(7, "Approval.Denied", cause));
        var decision = task(7).getEnded().getDecision();
        assertThat(decision.getDecision()).isEqualTo("DENIED");
        assertThat(decision.getFields()).isEqualTo("{\"a\":1}");

        give(steps.asks(8, "{}", "t"), steps.failed(8, "Approval.Denied", "said so"), steps.asks(9, "{}", "t"));
        assertThat(task(8).getEnded().getDecision()).isNull();
        give(steps.failed(9, "Other", cause));
        assertThat(task(9).getEnded().getDecision()).isNull();
    }

    @Test
    void whatAsksForAnApprovalIsPendingUntilItEndsLongestFirst() {
        give(
                steps.started("{}"),
                steps.asks(7, "{\"approval\":{\"title\":\"Chairs\",\"requestedBy\":\"ines\"}}", "t"),
                steps.asks(8, "{\"other\":\"approval\"}", "t"),
                steps.asks(9, "{\"approval\":{\"title\":\"" + "x".repeat(300) + "\"}}", "t"));
        var pending = ApprovalView.page(store(ViewsTopology.APPROVALS), "", 10);
        assertThat(pending).extracting(entry -> entry.approval().getTicket()).containsExactly(7L, 9L);
        var first = pending.getFirst().approval();
        assertThat(first.getTitle()).isEqualTo("Chairs");
        assertThat(first.getRequestedBy()).isEqualTo("ines");
        assertThat(first.getRequestedAt()).isEqualTo(Steps.at(2));
        assertThat(pending.getLast().approval().getTitle()).hasSize(201);
        assertThat(ApprovalView.page(store(ViewsTopology.APPROVALS), "", 1)).containsExactly(pending.getFirst());
        assertThat(ApprovalView.page(
                        store(ViewsTopology.APPROVALS), pending.getFirst().place(), 10))
                .containsExactly(pending.getLast());

        give(steps.ends(7, "TIMED_OUT"));
        assertThat(ApprovalView.page(store(ViewsTopology.APPROVALS), "", 10)).containsExactly(pending.getLast());
    }

    @Test
    void aWorkersOutputIsNoDecision() {
        give(steps.started("{}"), steps.asks(7, "{}", "t"), steps.completed(7, "[\"APPROVED\"]", Optional.empty()));

        assertThat(task(7).getEnded().getDecision()).isNull();
    }

    @Test
    void aMalformedRecordIsLeftOut() {
        history.pipeInput(steps.executionId(), new byte[] {1, 2, 3});
        give(steps.started("{}"));

        assertThat(index()).containsExactly(new IndexedStep(1L, 1L, 1L, 1));
    }

    @Test
    void theLastStatusIsKept() {
        var executions = topic(Topics.EXECUTIONS);
        steps.started("{}");
        executions.pipeInput(steps.executionId(), codec.encode(Topics.EXECUTIONS, steps.running("{}")));
        steps.events(1);
        var last = codec.encode(Topics.EXECUTIONS, steps.succeeded("{}", "1"));
        executions.pipeInput(steps.executionId(), last);

        assertThat(driver.<String, byte[]>getKeyValueStore(ViewsTopology.EXECUTIONS)
                        .get(steps.executionId()))
                .isEqualTo(last);
    }

    @Test
    void executionsAndTasksAreCounted() {
        var executions = topic(Topics.EXECUTIONS);
        give(steps.started("{}"), steps.asks(7, "{}", "token"));
        executions.pipeInput(steps.executionId(), codec.encode(Topics.EXECUTIONS, steps.running("{}")));
        assertThat(gauge("stepstream.executions.running")).isEqualTo(1);

        give(steps.ends(7, "TIMED_OUT"), steps.ends(7, "ABORTED"));
        var ended = codec.encode(Topics.EXECUTIONS, steps.succeeded("{}", "1"));
        executions.pipeInput(steps.executionId(), ended);
        executions.pipeInput(steps.executionId(), ended);

        assertThat(gauge("stepstream.executions.running")).isZero();
        assertThat(registry.get("stepstream.executions.started").counter().count())
                .isEqualTo(1);
        assertThat(registry.get("stepstream.executions.ended")
                        .tag("status", "SUCCEEDED")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("stepstream.steps").counter().count()).isEqualTo(4);
        var latency = registry.get("stepstream.task.latency")
                .tags("state", "Ask", "end", "TIMED_OUT")
                .timer();
        assertThat(latency.count()).isEqualTo(1);
        assertThat(latency.totalTime(TimeUnit.SECONDS)).isEqualTo(1);
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private void give(HistoryRecord... records) {
        for (SpecificRecord record : records) {
            history.pipeInput(steps.executionId(), codec.encode(Topics.HISTORY, record));
        }
    }

    private List<IndexedStep> index() {
        var rows = new ArrayList<IndexedStep>();
        try (var all = this.store(ViewsTopology.HISTORY).all()) {
            all.forEachRemaining(row -> rows.add(ViewRows.step(row.value)));
        }
        return rows;
    }

    private TaskState task(long ticket) {
        return ViewRows.task(store(ViewsTopology.TASKS).get(ViewKeys.key(steps.executionId(), ticket)));
    }

    private KeyValueStore<byte[], byte[]> store(String name) {
        return driver.getKeyValueStore(name);
    }

    private TestInputTopic<String, byte[]> topic(String name) {
        return driver.createInputTopic(name, new StringSerializer(), new ByteArraySerializer());
    }
}
