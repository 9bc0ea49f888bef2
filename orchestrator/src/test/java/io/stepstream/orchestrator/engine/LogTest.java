package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.InvalidToken;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the engine says in its log, at any level, as a service writes it: of what goes wrong too, nothing that is a user's own. */
class LogTest {
    private static final String SECRET = "4111-secret";
    private static final String WORK = """
            {"StartAt": "Work", "States": {"Work": {"Type": "Task", "Resource": "arn:stepstream:kafka:::work",
              "Retry": [{"ErrorEquals": ["once"], "IntervalSeconds": 1}], "End": true}}}""";

    private final Logger ours = (Logger) LoggerFactory.getLogger("io.stepstream");
    private final Level level = ours.getEffectiveLevel();
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final List<String> tokens = new ArrayList<>();
    private final EngineUnderTest engine = new EngineUnderTest();

    @BeforeEach
    void listen() {
        engine.taskTopics.add("work");
        ours.setLevel(Level.TRACE);
        said.start();
        ours.addAppender(said);
    }

    @AfterEach
    void stop() {
        ours.detachAppender(said);
        ours.setLevel(level);
        engine.close();
    }

    private TaskRequest asked(String machine) {
        engine.start(machine, engine.create(machine, WORK), "run", "{\"card\":\"" + SECRET + "\"}");
        return request();
    }

    private TaskRequest request() {
        engine.tick();
        var request = engine.request("work");
        tokens.add(request.getToken());
        return request;
    }

    private static TaskSucceeded done() {
        return new TaskSucceeded(Payloads.of("{\"card\":\"" + SECRET + "\"}"));
    }

    private List<String> lines() {
        var encoder = new JsonEncoder();
        encoder.setContext(ours.getLoggerContext());
        encoder.start();
        return said.list.stream()
                .map(encoder::encode)
                .map(line -> new String(line, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void nothingThatAUserKeepsToHimselfIsInTheLog() throws InvalidToken {
        whatGoesWell();
        whatNobodyCanRead();
        whatABugEnds();
        var lines = lines();
        assertThat(lines).isNotEmpty().allMatch(line -> line.endsWith("}\n"));
        assertThat(lines).anyMatch(line -> line.contains("is quarantined") && line.contains("execution:broken:run"));
        assertThat(tokens).hasSizeGreaterThan(4);
        assertThat(lines)
                .allSatisfy(
                        line -> assertThat(line).doesNotContain(SECRET).doesNotContain(tokens.toArray(String[]::new)));
    }

    private void whatGoesWell() {
        engine.answer(asked("right"), new TaskFailed("once", SECRET));
        engine.advance(Duration.ofSeconds(2));
        engine.answer(request(), done());
    }

    /** Answers that break off, whose output is no JSON, and whose tokens are somebody else's; records that are none. */
    private void whatNobodyCanRead() throws InvalidToken {
        var cut = asked("cut");
        var whole = engine.codec.encode(Topics.TASK_RESULTS, engine.result(cut.getToken(), done()));
        engine.send(Topics.TASK_RESULTS, cut.getExecutionId(), Arrays.copyOf(whole, whole.length - 4));
        var garbled = asked("garbled");
        engine.answer(garbled, new TaskSucceeded(Payloads.of("{" + SECRET)));
        var forged = TokenKeys.generate().sign(engine.keys.verify(garbled.getToken()));
        tokens.add(forged);
        engine.send(Topics.TASK_RESULTS, garbled.getExecutionId(), engine.result(forged, done()));
        engine.send(Topics.TASK_RESULTS, "another execution", engine.result(cut.getToken(), done()));
        engine.send(Topics.COMMANDS, cut.getExecutionId(), SECRET.getBytes(StandardCharsets.UTF_8));
        engine.tick();
    }

    private void whatABugEnds() {
        var request = asked("broken");
        var key = RowKeys.execution(request.getExecutionId());
        engine.put(key, EngineTest.inNoState(RowCodec.execution(engine.get(key))));
        engine.answer(request, done());
        assertThat(engine.refusal()).contains("INTERNAL_ERROR");
    }
}
