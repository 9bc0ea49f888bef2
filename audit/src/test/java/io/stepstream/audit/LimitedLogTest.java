package io.stepstream.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.Command;
import io.stepstream.asl.execution.Limits;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.local.InMemorySchemaRegistry;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Turns at limits, of a state machine and of a task name, run again as they were asked for and given back. */
class LimitedLogTest {
    private static final String WORK = """
            {"StartAt":"A","States":{
              "A":{"Type":"Task","Resource":"arn:stepstream:kafka:::a","TimeoutSeconds":5,"Next":"B"},
              "B":{"Type":"Task","Resource":"arn:stepstream:kafka:::b","End":true}}}""";

    private final MemoryLog log = new MemoryLog(new InMemorySchemaRegistry());
    private final Recorder recorder = new Recorder(1, log.registry, Limits.DEFAULT, log);

    private static void itsTurn(Recorder.Run run) {
        run.send(new Command.Continue(run.turn.orElseThrow()), Optional.empty());
    }

    private void fire(Recorder.Run run) {
        var timer = run.timers.entrySet().iterator().next();
        recorder.advanceTo(timer.getValue());
        run.timers.remove(timer.getKey());
        run.send(new Command.FireTimer(timer.getKey(), timer.getValue()), Optional.empty());
    }

    private static void complete(Recorder.Run run) {
        run.complete(run.open.firstKey(), Document.EMPTY_OBJECT);
    }

    @Test
    void whatAwaitedItsTurnRunsAgainAsItDid() {
        var machine = recorder.deploy("machine", WORK, Set.of());
        recorder.stateMachineLimited = true;
        recorder.limitedTasks = Set.of("a");
        var one = recorder.start(machine, "one", Document.EMPTY_OBJECT);
        var two = recorder.start(machine, "two", Document.EMPTY_OBJECT);
        assertThat(one.open).isEmpty();
        itsTurn(one);
        // Nothing is limited any more, and one still gives back what it has asked for before.
        recorder.stateMachineLimited = false;
        recorder.limitedTasks = Set.of();
        complete(one);
        complete(one);
        two.send(new Command.Stop(Optional.empty(), Optional.empty()), Optional.empty());
        recorder.stateMachineLimited = true;
        recorder.limitedTasks = Set.of("b");
        two.send(new Command.Redrive(), Optional.empty());
        itsTurn(two);
        fire(two);
        two.send(new Command.Redrive(), Optional.empty());
        itsTurn(two);
        complete(two);
        complete(two);
        assertThat(one.ended && two.ended).isTrue();
        assertThat(one.turn).isEmpty();

        var report = CleanLogTest.verify(log);
        assertThat(report.differences()).isEmpty();
        assertThat(report.run()).isEqualTo(report.records());
        assertThat(report.statuses()).isEqualTo(log.count(LogTopic.EXECUTIONS));
    }
}
