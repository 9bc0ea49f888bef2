package io.stepstream.orchestrator.engine;

import io.stepstream.schemas.Arns;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.PurgeExecution;
import io.stepstream.schemas.avro.PurgeScope;
import io.stepstream.schemas.avro.TaskHeartbeat;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;

/** The engine's own topology, for logs that the engine has written: with children, Map runs, sealed and purged executions. */
public final class RecordedEngine implements AutoCloseable {
    private final EngineUnderTest engine;

    /** An engine that knows these task names. */
    public RecordedEngine(MasterKeys keys, List<String> tasks) {
        engine = new EngineUnderTest(new Sealing(keys, List.of()));
        engine.taskTopics.addAll(tasks);
    }

    /** Whether the executions of a state machine are sealed. */
    public enum Kept {
        OPEN,
        SEALED
    }

    /** Creates a state machine and returns its revision. */
    public String create(String name, String definition, Kept kept) {
        var revision = engine.create(name, definition, kept == Kept.SEALED);
        requireAccepted();
        return revision;
    }

    private void requireAccepted() {
        var verdict = engine.verdict();
        if (verdict.getRefusal() != null) {
            throw new AssertionError(verdict);
        }
    }

    public void start(String machine, String revision, String name, String input) {
        engine.start(machine, revision, name, input);
        requireAccepted();
        engine.tick();
    }

    /** The one request for this task that has come since. */
    public TaskRequest request(String task) {
        return engine.request(task);
    }

    public void succeed(TaskRequest request, String output) {
        engine.answer(request, new TaskSucceeded(Payloads.of(output)));
        engine.tick();
    }

    public void heartbeat(TaskRequest request) {
        engine.answer(request, new TaskHeartbeat());
        engine.tick();
    }

    /** Purges an execution. */
    public void purge(String machine, String name, PurgeScope scope) {
        var arn = Arns.DEFAULT.execution(machine, name);
        var by = Caller.newBuilder(engine.caller()).setPrincipal("dana").build();
        engine.send(Topics.COMMANDS, Arns.executionId(arn), new Command(by, new PurgeExecution(arn, scope, "asked")));
        requireAccepted();
        engine.tick();
    }

    public void advance(Duration by) {
        engine.advance(by);
    }

    /** What came out into a topic since it was read last. */
    public List<TestRecord<byte[], byte[]>> records(String topic) {
        return engine.records(topic);
    }

    public SchemaRegistry registry() {
        return engine.registry;
    }

    @Override
    public void close() {
        engine.close();
    }
}
