package io.stepstream.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.execution.Limits;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.DeleteStateMachine;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.PauseExecution;
import io.stepstream.schemas.avro.PauseStateMachine;
import io.stepstream.schemas.avro.PausedBy;
import io.stepstream.schemas.avro.ResumeExecution;
import io.stepstream.schemas.avro.ResumeStateMachine;
import io.stepstream.schemas.avro.StateMachineResource;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskSucceeded;
import io.stepstream.schemas.avro.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pauses as the shell carries them out: what is told to whom, and who is woken. */
class PauseEngineTest {
    private static final String TASKS = """
            {"StartAt":"A","States":{
              "A":{"Type":"Task","Resource":"arn:stepstream:kafka:::a","Next":"B"},
              "B":{"Type":"Task","Resource":"arn:stepstream:kafka:::b","End":true}}}""";
    private static final String MACHINE = Arns.DEFAULT.stateMachine("machine");
    private static final String RUN = Arns.DEFAULT.execution("machine", "run");

    private final EngineUnderTest engine = new EngineUnderTest(1, Limits.DEFAULT);
    private String revision = "";

    @AfterEach
    void stop() {
        engine.close();
    }

    private void create() {
        engine.taskTopics.add("a");
        engine.taskTopics.add("b");
        revision = engine.create("machine", TASKS);
    }

    private Verdict ask(String key, Object body) {
        var caller = Caller.newBuilder(engine.caller()).setPrincipal("ann").build();
        engine.send(Topics.COMMANDS, key, new Command(caller, body));
        engine.tick();
        return engine.read(Topics.VERDICTS, Verdict.class).getLast();
    }

    /** Before the clock is looked at again. */
    private void send(Object body) {
        engine.send(Topics.COMMANDS, MACHINE, new Command(engine.caller(), body));
    }

    private ExecutionStatus status() {
        return engine.read(Topics.EXECUTIONS, ExecutionStatus.class).getLast();
    }

    private StateMachineResource machine() {
        return engine.read(Topics.DEFINITIONS, Definition.class).stream()
                .map(Definition::getBody)
                .filter(StateMachineResource.class::isInstance)
                .map(StateMachineResource.class::cast)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    private int requests(String task) {
        return engine.read(Topics.taskRequests(task), TaskRequest.class).size();
    }

    @Test
    void anExecutionsPauseIsToldWithWhoDidIt() {
        create();
        var id = engine.start("machine", revision, "run", "{}");
        var request = engine.request("a");
        var paused = ask(id, new PauseExecution(RUN));
        assertThat(paused.getRefusal()).isNull();
        var status = status();
        assertThat(status.getStatus()).isEqualTo("RUNNING");
        assertThat(status.getPausedAt()).isEqualTo(paused.getAt());
        assertThat(status.getPausedBy()).isEqualTo("ann");
        var record = engine.read(Topics.HISTORY, HistoryRecord.class).getLast();
        assertThat(record.getCommand()).isInstanceOf(PausedBy.class);
        assertThat(record.getCaller().getPrincipal()).isEqualTo("ann");

        engine.answer(request, new TaskSucceeded(Payloads.of("{}")));
        engine.tick();
        assertThat(requests("b")).isZero();
        ask(id, new ResumeExecution(RUN));
        assertThat(requests("b")).isOne();
        assertThat(status().getPausedAt()).isNull();
    }

    @Test
    void whatIsNotThereOrHasEndedIsRefused() {
        create();
        assertThat(ask(Arns.executionId(RUN), new PauseExecution(RUN)).getRefusal())
                .isEqualTo("EXECUTION_DOES_NOT_EXIST");
        assertThat(ask(Arns.DEFAULT.stateMachine("none"), new PauseStateMachine(Arns.DEFAULT.stateMachine("none")))
                        .getRefusal())
                .isEqualTo("STATE_MACHINE_DOES_NOT_EXIST");
    }

    /** More than are woken at once, some that ran and some that were started while it was paused. */
    @Test
    void everyExecutionOfAStateMachineWaitsAndIsWokenOnce() {
        create();
        engine.start("machine", revision, "run", "{}");
        var request = engine.request("a");
        assertThat(ask(MACHINE, new PauseStateMachine(MACHINE)).getRefusal()).isNull();
        var told = machine();
        assertThat(told.getPausedAt()).isNotNull();
        assertThat(told.getPausedBy()).isEqualTo("ann");
        engine.answer(request, new TaskSucceeded(Payloads.of("{}")));
        var many = 2 * PausedStateMachines.AT_ONCE + 5;
        for (var i = 0; i < many; i++) {
            engine.start("machine", revision, "n" + i, "{}");
        }
        engine.tick();
        assertThat(requests("a")).isZero();
        assertThat(requests("b")).isZero();

        ask(MACHINE, new ResumeStateMachine(MACHINE));
        assertThat(machine().getPausedAt()).isNull();
        for (var i = 0; i < 10; i++) {
            engine.tick();
        }
        assertThat(requests("a")).isEqualTo(many);
        assertThat(requests("b")).isOne();
    }

    @Test
    void pausedAgainBeforeAnyIsWokenAllWaitOn() {
        create();
        ask(MACHINE, new PauseStateMachine(MACHINE));
        var many = 2 * PausedStateMachines.AT_ONCE;
        for (var i = 0; i < many; i++) {
            engine.start("machine", revision, "n" + i, "{}");
        }
        send(new ResumeStateMachine(MACHINE));
        send(new PauseStateMachine(MACHINE));
        engine.tick();
        assertThat(requests("a")).isZero();
        ask(MACHINE, new ResumeStateMachine(MACHINE));
        for (var i = 0; i < 10; i++) {
            engine.tick();
        }
        assertThat(requests("a")).isEqualTo(many);
    }

    @Test
    void aDeletedStateMachineIsStillResumed() {
        create();
        ask(MACHINE, new PauseStateMachine(MACHINE));
        engine.start("machine", revision, "run", "{}");
        ask(MACHINE, new DeleteStateMachine(MACHINE));
        assertThat(ask(MACHINE, new ResumeStateMachine(MACHINE)).getRefusal()).isNull();
        engine.tick();
        assertThat(requests("a")).isOne();
    }
}
