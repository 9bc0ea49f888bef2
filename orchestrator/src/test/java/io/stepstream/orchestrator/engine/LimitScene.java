package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.execution.Limits;
import io.stepstream.orchestrator.rows.OtherRows;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.LimitStateMachine;
import io.stepstream.schemas.avro.LimitTask;
import io.stepstream.schemas.avro.StopExecution;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;

/** An engine with a state machine of one task, either of which may be limited (ADR 0052). */
abstract class LimitScene {
    static final String TASK = """
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:stepstream:kafka:::a",
              "TimeoutSeconds":60,"HeartbeatSeconds":30,"End":true}}}""";
    static final String PLAIN = """
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:stepstream:kafka:::a","End":true}}}""";
    static final String MACHINE = Arns.DEFAULT.stateMachine("machine");
    static final String KEY = LimitKeys.task("a");

    static String arn(String name) {
        return Arns.DEFAULT.execution("machine", name);
    }

    EngineUnderTest engine = new EngineUnderTest(1, Limits.DEFAULT);
    final Map<String, TaskRequest> requests = new java.util.HashMap<>();
    String revision = "";

    @AfterEach
    void stop() {
        engine.close();
    }

    void create(String definition) {
        engine.taskTopics.add("a");
        revision = engine.create("machine", definition);
    }

    void start(String... names) {
        for (var name : names) {
            engine.start("machine", revision, name, "{}");
        }
    }

    void send(String key, Object body) {
        engine.send(Topics.COMMANDS, key, new Command(engine.caller(), body));
        engine.tick();
    }

    void limitTask(Integer max) {
        send(KEY, new LimitTask("a", max));
        assertThat(engine.refusal()).isEmpty();
    }

    void removeTaskLimit() {
        send(KEY, new LimitTask("a", null));
        assertThat(engine.refusal()).isEmpty();
    }

    void limitMachine(Integer max) {
        send(MACHINE, new LimitStateMachine(MACHINE, max));
        assertThat(engine.refusal()).isEmpty();
    }

    void stop(String name) {
        send(Arns.executionId(arn(name)), new StopExecution(arn(name), null, null));
    }

    /** The executions whose requests have come since, in the order in which they have. */
    List<String> asked() {
        var names = new ArrayList<String>();
        for (var request : engine.read(Topics.taskRequests("a"), TaskRequest.class)) {
            var arn = request.getExecutionArn();
            var name = arn.substring(arn.lastIndexOf(':') + 1);
            names.add(name);
            requests.put(name, request);
        }
        return names;
    }

    TaskRequest request(String name) {
        return Objects.requireNonNull(requests.get(name), "the request of " + name);
    }

    void answer(String name) {
        engine.answer(request(name), new TaskSucceeded(Payloads.of("{}")));
    }

    record Counts(int running, int queued) {}

    Counts counts(String key) {
        var row = engine.get(RowKeys.limit(Arns.executionId(key)));
        if (row == null) {
            return new Counts(0, 0);
        }
        var limit = OtherRows.limit(row);
        return new Counts(limit.getRunning(), limit.getQueued());
    }

    String status(String name) {
        return engine.read(Topics.EXECUTIONS, ExecutionStatus.class).stream()
                .filter(status -> status.getName().equals(name))
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .getStatus();
    }
}
