package io.stepstream.orchestrator.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Arns;
import io.stepstream.schemas.KeyLookup;
import io.stepstream.schemas.MasterKeys;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import io.stepstream.schemas.avro.WrappedKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is kept of a sealed execution, on a test driver. */
class SealingTest {
    private static final String MARKER = "MARKER-of-a-person";
    private static final String INPUT = "{\"who\": \"" + MARKER + "\"}";
    private static final String WORK = """
            {"StartAt": "Work", "States": {"Work": {"Type": "Task", "TimeoutSeconds": 60,
              "Resource": "arn:aws:states:us-east-1:000000000000:activity:work", "End": true}}}""";

    /** What workers, clients and the engine itself read, for days. */
    private static final Set<String> OPEN = Set.of(Topics.taskRequests("work"), Topics.VERDICTS);

    private static EngineUnderTest engine(Sealing sealing) {
        var engine = new EngineUnderTest(sealing);
        engine.taskTopics.add("work");
        return engine;
    }

    private static Sealing keys() {
        return new Sealing(MasterKeys.generate(), List.of());
    }

    private static TaskRequest started(EngineUnderTest engine, String name) {
        var revision = engine.create("machine", WORK, true);
        engine.start("machine", revision, name, INPUT);
        return engine.request("work");
    }

    private static Set<String> topicsWithTheMarker(EngineUnderTest engine) {
        return engine.topics().stream()
                .filter(topic ->
                        engine.raw(topic).stream().anyMatch(bytes -> new String(bytes, ISO_8859_1).contains(MARKER)))
                .collect(Collectors.toSet());
    }

    @Test
    void nothingOfASealedExecutionIsReadableInWhatIsKept() {
        try (var engine = engine(keys())) {
            var first = started(engine, "one");
            engine.answer(first, new TaskSucceeded(Payloads.of(INPUT)));
            var second = started(engine, "two");
            engine.answer(second, new TaskFailed(MARKER, MARKER));
            assertThat(topicsWithTheMarker(engine)).isSubsetOf(OPEN);
        }
    }

    @Test
    void whatIsSealedOpensWithTheKeyOfItsTopic() {
        try (var engine = engine(keys())) {
            var request = started(engine, "one");
            engine.answer(request, new TaskFailed(MARKER, MARKER));
            var id = request.getExecutionId();
            var sealed = engine.read(Topics.HISTORY, HistoryRecord.class).getLast();
            var keyId = SealedRecords.keyId(sealed).orElseThrow();
            assertThat(engine.key(id, keyId)).isInstanceOfSatisfying(KeyLookup.Found.class, found -> {
                var opened = SealedRecords.open(sealed, found.key());
                assertThat(opened.getCommand().toString()).contains(MARKER);
                assertThat(opened.getEffectsDigest().remaining()).isEqualTo(32);
            });
            var status = engine.read(Topics.EXECUTIONS, ExecutionStatus.class).getLast();
            assertThat(status.getCause()).isNotEqualTo(MARKER);
            assertThat(engine.open(status).getCause()).isEqualTo(MARKER);
            assertThat(Payloads.json(engine.open(status).getInput())).isEqualTo(INPUT);
            assertThat(engine.size(EngineTopology.DATA_KEYS)).isEqualTo(1);
        }
    }

    @Test
    void aNamePatternSealsAsTheStateMachineDoes() {
        var sealing = new Sealing(MasterKeys.generate(), List.of("pay-*", "mach*e"));
        try (var engine = engine(sealing)) {
            engine.start("machine", engine.create("machine", WORK), "one", INPUT);
            assertThat(engine.read(Topics.KEYS, WrappedKey.class)).hasSize(1);
            engine.start("machines", engine.create("machines", WORK), "one", INPUT);
            assertThat(engine.read(Topics.KEYS, WrappedKey.class)).isEmpty();
        }
    }

    @Test
    void anExecutionThatIsNotSealedIsWrittenAsWithoutAnyKeys() {
        List<List<Integer>> sizes = Stream.of(Sealing.OFF, keys())
                .map(sealing -> {
                    try (var engine = engine(sealing)) {
                        engine.start("machine", engine.create("machine", WORK), "one", INPUT);
                        engine.answer(engine.request("work"), new TaskSucceeded(Payloads.of(INPUT)));
                        assertThat(engine.topics()).doesNotContain(Topics.KEYS);
                        return engine.topics().stream()
                                .sorted()
                                .flatMap(topic -> engine.raw(topic).stream())
                                .map(bytes -> bytes.length)
                                .toList();
                    }
                })
                .toList();
        assertThat(sizes.getFirst()).isEqualTo(sizes.getLast()).hasSizeGreaterThan(10);
    }

    @Test
    void withoutAMasterKeyAStartIsRefused() {
        try (var engine = engine(Sealing.OFF)) {
            engine.start("machine", engine.create("machine", WORK, true), "one", INPUT);
            var verdict = engine.verdict();
            assertThat(verdict.getRefusal()).isEqualTo("SEALING_UNAVAILABLE");
            assertThat(verdict.getMessage()).contains("stepstream.master.keys");
            assertThat(engine.read(Topics.HISTORY, HistoryRecord.class)).isEmpty();
        }
    }

    @Test
    void theSameDefinitionSealedIsAnotherStateMachine() {
        try (var engine = engine(keys())) {
            engine.create("machine", WORK);
            engine.create("machine", WORK, true);
            var verdict = engine.verdict();
            assertThat(verdict.getRefusal()).isEqualTo("STATE_MACHINE_ALREADY_EXISTS");
            assertThat(verdict.getMessage()).endsWith("not sealed)");
        }
    }

    @Test
    void aDeadLetterAboutASealedExecutionIsSealedAndOneAboutAnUnknownHasNoValue() {
        try (var engine = engine(keys())) {
            var request = started(engine, "one");
            engine.answer(request, new TaskSucceeded(Payloads.of(MARKER)));
            var letter = engine.read(Topics.DEAD_LETTERS, DeadLetter.class).getLast();
            assertThat(letter.getError()).isEqualTo("INVALID_OUTPUT");
            assertThat(letter.getKeyId()).isNotNull();
            assertThat(engine.key(request.getExecutionId(), letter.getKeyId()))
                    .isInstanceOfSatisfying(
                            KeyLookup.Found.class,
                            found -> assertThat(SealedRecords.open(letter, found.key())
                                            .toString())
                                    .contains(MARKER));
            engine.start("machine", engine.create("machine", WORK, true), "two", MARKER);
            assertThat(engine.read(Topics.DEAD_LETTERS, DeadLetter.class)
                            .getLast()
                            .getValue())
                    .isNull();
            assertThat(topicsWithTheMarker(engine)).isSubsetOf(OPEN);
        }
    }

    @Test
    void aStartThatWaitsForItsDefinitionIsKeptUnderTheMasterKey() {
        try (var engine = engine(keys())) {
            var arn = Arns.DEFAULT.execution("machine", "early");
            var revision = EngineUnderTest.revision(WORK);
            var start = new StartExecution(
                    arn, "early", Arns.DEFAULT.stateMachine("machine"), revision, Payloads.of(INPUT), null, null, false);
            engine.send(Topics.COMMANDS, Arns.executionId(arn), new Command(engine.caller(), start));
            engine.create("machine", WORK, true);
            engine.advance(Duration.ofSeconds(2));
            assertThat(Payloads.json(engine.request("work").getInput())).isEqualTo(INPUT);
            assertThat(topicsWithTheMarker(engine)).isSubsetOf(OPEN);
        }
    }

    @Test
    void recordsParkWhileTheRegistryIsAwayAndNothingOfThemIsReadable() {
        try (var engine = engine(keys())) {
            var revision = engine.create("machine", WORK, true);
            engine.registry.away = true;
            engine.start("machine", revision, "one", INPUT);
            engine.tick();
            engine.registry.away = false;
            engine.advance(Duration.ofSeconds(1));
            assertThat(topicsWithTheMarker(engine)).isSubsetOf(OPEN);
        }
    }
}
