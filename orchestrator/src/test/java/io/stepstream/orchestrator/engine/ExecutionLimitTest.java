package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.orchestrator.rows.PackedExecution;
import io.stepstream.orchestrator.rows.RowCodec;
import io.stepstream.orchestrator.rows.RowKeys;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.LimitStateMachine;
import io.stepstream.schemas.avro.RedriveExecution;
import io.stepstream.schemas.avro.StateMachineResource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Limits of state machines, as the shell keeps them: whose executions wait, and what lets the next begin. */
class ExecutionLimitTest extends LimitScene {
    @Test
    void startsBeyondTheLimitAreAcceptedAndBeginInOrder() {
        create(TASK);
        limitMachine(2);
        start("1", "2", "3", "4");
        assertThat(engine.read(Topics.VERDICTS, io.stepstream.schemas.avro.Verdict.class))
                .hasSize(4)
                .allSatisfy(verdict -> assertThat(verdict.getRefusal()).isNull());
        assertThat(status("4")).isEqualTo("RUNNING");
        assertThat(asked()).containsExactly("1", "2");
        answer("2");
        assertThat(asked()).containsExactly("3");
        stop("4");
        answer("1");
        assertThat(asked()).isEmpty();
        assertThat(counts(MACHINE)).isEqualTo(new Counts(1, 0));
        // Redriven it asks again, and it is its turn.
        send(Arns.executionId(arn("4")), new RedriveExecution(arn("4")));
        assertThat(asked()).containsExactly("4");
        answer("3");
        answer("4");
        assertThat(counts(MACHINE)).isEqualTo(new Counts(0, 0));
    }

    @Test
    void bothLimitsHold() {
        create(TASK);
        limitMachine(3);
        limitTask(2);
        start("1", "2", "3", "4");
        assertThat(asked()).containsExactly("1", "2");
        assertThat(counts(MACHINE)).isEqualTo(new Counts(3, 1));
        answer("1");
        assertThat(asked()).containsExactly("3");
        assertThat(counts(KEY)).isEqualTo(new Counts(2, 1));
    }

    @Test
    void aLimitIsShownAndOutlivesADeletion() {
        create(TASK);
        limitMachine(2);
        assertThat(machine().getMaxConcurrentExecutions()).isEqualTo(2);
        send(MACHINE, new io.stepstream.schemas.avro.DeleteStateMachine(MACHINE));
        revision = engine.create("machine", TASK);
        assertThat(machine().getMaxConcurrentExecutions()).isEqualTo(2);
        send(MACHINE, new LimitStateMachine(MACHINE, null));
        assertThat(machine().getMaxConcurrentExecutions()).isNull();
    }

    private StateMachineResource machine() {
        return engine.read(Topics.DEFINITIONS, Definition.class).stream()
                .map(Definition::getBody)
                .filter(StateMachineResource.class::isInstance)
                .map(StateMachineResource.class::cast)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    /** A Map run's children are of their parent's state machine: they would wait for a turn that it has. */
    @Test
    void childrenCountButForThoseOfAMapRun() {
        engine.taskTopics.add("a");
        revision = engine.create("machine", """
                {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{
                  "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
                  "StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:stepstream:kafka:::a","End":true}}}}}}""");
        limitMachine(1);
        engine.start("machine", revision, "map", "[1,2,3]");
        engine.tick();
        assertThat(asked()).hasSize(3);
        assertThat(counts(MACHINE)).isEqualTo(new Counts(1, 0));

        var child = Arns.DEFAULT.stateMachine("child");
        engine.create("child", PLAIN);
        send(child, new LimitStateMachine(child, 1));
        var parents = engine.create("parent", """
                {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[%s,%s]}}}""".formatted(calling("x"), calling("y")));
        engine.start("parent", parents, "run", "{}");
        engine.tick();
        assertThat(asked()).containsExactly("x");
        assertThat(counts(child)).isEqualTo(new Counts(1, 1));
        answer("x");
        assertThat(asked()).containsExactly("y");
    }

    private static String calling(String name) {
        return """
            {"StartAt":"%1$s","States":{"%1$s":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync",
              "Parameters":{"StateMachineArn":"%2$s","Name":"%1$s","Input":{}},"End":true}}}""".formatted(name, Arns.DEFAULT.stateMachine("child"));
    }

    /** Its rows stay for us to look at, and nobody knows what it has asked for: it keeps no turn. */
    @Test
    void aQuarantinedExecutionKeepsNoTurn() {
        create(TASK);
        limitMachine(1);
        limitTask(1);
        start("1", "2");
        assertThat(asked()).containsExactly("1");
        var id = Arns.executionId(arn("1"));
        engine.put(RowKeys.execution(id), withoutRoot(engine.get(RowKeys.execution(id))));
        stop("1");
        assertThat(status("1")).isEqualTo("FAILED");
        assertThat(asked()).containsExactly("2");
        assertThat(counts(MACHINE)).isEqualTo(new Counts(1, 0));
        assertThat(counts(KEY)).isEqualTo(new Counts(1, 0));
    }

    /** What the interpreter must fail at. */
    private static byte[] withoutRoot(byte[] row) {
        var packed = RowCodec.execution(row);
        return RowCodec.encode(new PackedExecution(
                packed.execution(),
                Optional.empty(),
                packed.rootWait(),
                packed.chain(),
                packed.input(),
                packed.trace()));
    }
}
