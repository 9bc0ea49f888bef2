package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.ChangeTags;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.CreateActivity;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.DeleteActivity;
import io.stepstream.schemas.avro.DeleteAlias;
import io.stepstream.schemas.avro.DeleteStateMachine;
import io.stepstream.schemas.avro.DeleteVersion;
import io.stepstream.schemas.avro.PublishVersion;
import io.stepstream.schemas.avro.PutAlias;
import io.stepstream.schemas.avro.PutMode;
import io.stepstream.schemas.avro.Route;
import io.stepstream.schemas.avro.StateMachineResource;
import io.stepstream.schemas.avro.StateMachineRevision;
import io.stepstream.schemas.avro.UpdateStateMachine;
import io.stepstream.schemas.avro.Verdict;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commands about state machines and activities: what is answered, and what everybody is told. */
class ResourcesTest {
    private static final String PASS = "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}";
    private static final String OTHER = PASS.replace("{\"StartAt\"", "{\"Comment\":\"other\",\"StartAt\"");
    private static final String MACHINE = Arns.DEFAULT.stateMachine("machine");
    private static final String ACTIVITY = Arns.DEFAULT.activity("work");

    private final EngineUnderTest engine = new EngineUnderTest();

    @AfterEach
    void stop() {
        engine.close();
    }

    private Verdict ask(String arn, Object body) {
        engine.send(Topics.COMMANDS, arn, new Command(engine.caller(), body));
        engine.tick();
        return engine.read(Topics.VERDICTS, Verdict.class).getLast();
    }

    private Verdict askAs(String principal, String arn, Object body) {
        var caller = Caller.newBuilder(engine.caller())
                .setPrincipal(principal)
                .setAddress("192.0.2.7")
                .build();
        engine.send(Topics.COMMANDS, arn, new Command(caller, body));
        engine.tick();
        return engine.read(Topics.VERDICTS, Verdict.class).getLast();
    }

    private Verdict publish() {
        return ask(MACHINE, new PublishVersion(MACHINE, null, null));
    }

    private Verdict update(String definition) {
        return ask(
                MACHINE,
                UpdateStateMachine.newBuilder()
                        .setStateMachineArn(MACHINE)
                        .setDefinition(definition)
                        .build());
    }

    private Verdict alias(PutMode mode, Route... routes) {
        return ask(MACHINE, new PutAlias(MACHINE, "live", mode, null, List.of(routes)));
    }

    private StateMachineResource told() {
        return engine.read(Topics.DEFINITIONS, Definition.class).stream()
                .map(Definition::getBody)
                .filter(StateMachineResource.class::isInstance)
                .map(StateMachineResource.class::cast)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    @Test
    void versionsAreNumberedOnceAndForAll() {
        engine.create("machine", PASS);
        assertThat(publish().getVersion()).isEqualTo(1);
        assertThat(publish().getVersion()).isEqualTo(1);
        update(OTHER);
        assertThat(publish().getVersion()).isEqualTo(2);
        assertThat(ask(MACHINE, new DeleteVersion(MACHINE, 2L)).getRefusal()).isNull();
        assertThat(publish().getVersion()).isEqualTo(3);
    }

    @Test
    void anUpdateThatChangesNothingKeepsTheRevision() {
        engine.create("machine", PASS);
        var first = update(OTHER);
        var second = update(OTHER);
        assertThat(first.getRevisionId()).isNotNull();
        assertThat(second.getRevisionId()).isEqualTo(first.getRevisionId());
        assertThat(second.getRevision()).isEqualTo(first.getRevision());
    }

    @Test
    void publishingAnotherRevisionThanTheCurrentIsAConflict() {
        engine.create("machine", PASS);
        assertThat(ask(MACHINE, new PublishVersion(MACHINE, "gone", null)).getRefusal())
                .isEqualTo("CONFLICT");
        assertThat(ask(MACHINE, new PublishVersion(MACHINE, "INITIAL", null)).getRefusal())
                .isNull();
    }

    @Test
    void anAliasRoutesToVersionsThatExistAndKeepsThem() {
        engine.create("machine", PASS);
        publish();
        assertThat(alias(PutMode.UPDATE, new Route(1L, 100)).getRefusal()).isEqualTo("RESOURCE_NOT_FOUND");
        assertThat(alias(PutMode.CREATE, new Route(7L, 100)).getRefusal()).isEqualTo("RESOURCE_NOT_FOUND");
        assertThat(alias(PutMode.CREATE, new Route(1L, 100)).getRefusal()).isNull();
        assertThat(alias(PutMode.CREATE, new Route(1L, 100)).getRefusal()).isNull();
        assertThat(alias(PutMode.CREATE, new Route(1L, 50), new Route(1L, 50)).getRefusal())
                .isEqualTo("CONFLICT");
        assertThat(ask(MACHINE, new DeleteVersion(MACHINE, 1L)).getRefusal()).isEqualTo("CONFLICT");
        assertThat(ask(MACHINE, new DeleteAlias(MACHINE, "live")).getRefusal()).isNull();
        assertThat(ask(MACHINE, new DeleteVersion(MACHINE, 1L)).getRefusal()).isNull();
        assertThat(told().getVersions()).isEmpty();
    }

    @Test
    void aDeletedStateMachineIsThereNoMoreAndCanBeMadeAgain() {
        assertThat(ask(MACHINE, new DeleteStateMachine(MACHINE)).getRefusal()).isNull();
        engine.create("machine", PASS);
        publish();
        ask(MACHINE, new DeleteStateMachine(MACHINE));
        assertThat(told().getStatus()).isEqualTo(Resources.DELETING);
        assertThat(publish().getRefusal()).isEqualTo("STATE_MACHINE_DOES_NOT_EXIST");
        engine.create("machine", OTHER);
        assertThat(publish().getVersion()).isEqualTo(1);
    }

    @Test
    void tagsAreAddedAndRemovedUpToFifty() {
        engine.create("machine", PASS);
        ask(MACHINE, new ChangeTags(MACHINE, Map.of("a", "1", "b", "2"), List.of()));
        ask(MACHINE, new ChangeTags(MACHINE, Map.of("b", "3"), List.of("a", "absent")));
        assertThat(told().getTags()).isEqualTo(Map.of("b", "3"));
        var many = IntStream.range(0, 50).boxed().collect(java.util.stream.Collectors.toMap(n -> "tag" + n, n -> ""));
        assertThat(ask(MACHINE, new ChangeTags(MACHINE, many, List.of())).getRefusal())
                .isEqualTo("TOO_MANY_TAGS");
    }

    @Test
    void whoHasMadeTheLastChangeIsTold() {
        engine.create("machine", PASS);
        askAs("ada", MACHINE, new ChangeTags(MACHINE, Map.of("a", "1"), List.of()));
        assertThat(told().getChangedBy()).isEqualTo("ada");
        var update = UpdateStateMachine.newBuilder()
                .setStateMachineArn(MACHINE)
                .setDefinition(OTHER)
                .build();
        askAs("bob", MACHINE, update);
        var revision = engine.read(Topics.DEFINITIONS, Definition.class).stream()
                .map(Definition::getBody)
                .toList();
        assertThat(revision)
                .filteredOn(StateMachineRevision.class::isInstance)
                .allSatisfy(body ->
                        assertThat(((StateMachineRevision) body).getCreatedBy()).isEqualTo("bob"));
        // It is just so already: nobody has changed anything.
        askAs("eve", MACHINE, update);
        assertThat(told().getChangedBy()).isEqualTo("bob");
        askAs("dan", MACHINE, new DeleteStateMachine(MACHINE));
        assertThat(told()).satisfies(machine -> {
            assertThat(machine.getChangedBy()).isEqualTo("dan");
            assertThat(machine.getChangedFrom()).isEqualTo("192.0.2.7");
        });
    }

    @Test
    void anActivityIsFoundAgainAndDeleted() {
        engine.taskTopics.add("work");
        var created = ask(ACTIVITY, new CreateActivity(ACTIVITY, "work", "{}", Map.of()));
        assertThat(created.getRefusal()).isNull();
        assertThat(ask(ACTIVITY, new CreateActivity(ACTIVITY, "work", "{}", Map.of()))
                        .getSequence())
                .isEqualTo(created.getSequence());
        assertThat(ask(ACTIVITY, new ChangeTags(ACTIVITY, Map.of("k", "v"), List.of()))
                        .getRefusal())
                .isNull();
        assertThat(ask(ACTIVITY, new DeleteActivity(ACTIVITY)).getRefusal()).isNull();
        assertThat(ask(ACTIVITY, new ChangeTags(ACTIVITY, Map.of("k", "v"), List.of()))
                        .getRefusal())
                .isEqualTo("RESOURCE_NOT_FOUND");
        assertThat(ask(ACTIVITY, new DeleteActivity(ACTIVITY)).getRefusal()).isNull();
    }
}
