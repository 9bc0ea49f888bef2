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

/** Pauses, of executions and of a state machine, run again as they were: who paused and what was held. */
class PausedLogTest {
    private static final String WAIT_AND_WORK = """
            {"StartAt":"W","States":{
              "W":{"Type":"Wait","Seconds":5,"Next":"A"},
              "A":{"Type":"Task","Resource":"arn:stepstream:kafka:::a","Next":"B"},
              "B":{"Type":"Task","Resource":"arn:stepstream:kafka:::b","End":true}}}""";

    private final MemoryLog log = new MemoryLog(new InMemorySchemaRegistry());
    private final Recorder recorder = new Recorder(1, log.registry, Limits.DEFAULT, log);

    private static void send(Recorder.Run run, Command command) {
        run.send(command, Optional.empty());
    }

    private void fire(Recorder.Run run) {
        var timer = run.timers.entrySet().iterator().next();
        recorder.advanceTo(timer.getValue());
        run.timers.remove(timer.getKey());
        send(run, new Command.FireTimer(timer.getKey(), timer.getValue()));
    }

    private static void complete(Recorder.Run run) {
        run.complete(run.open.firstKey(), Document.EMPTY_OBJECT);
    }

    @Test
    void whatWasPausedRunsAgainAsItDid() {
        var machine = recorder.deploy("machine", WAIT_AND_WORK, Set.of());
        var one = recorder.start(machine, "one", Document.EMPTY_OBJECT);
        send(one, new Command.Pause("somebody"));
        fire(one);
        assertThat(one.open).isEmpty();
        send(one, new Command.Resume());
        recorder.stateMachinePaused = true;
        complete(one);
        var two = recorder.start(machine, "two", Document.EMPTY_OBJECT);
        assertThat(two.timers).isEmpty();
        recorder.stateMachinePaused = false;
        send(one, new Command.Continue(one.awaitingResume.orElseThrow()));
        send(two, new Command.Continue(two.awaitingResume.orElseThrow()));
        complete(one);
        send(two, new Command.Pause("somebody"));
        send(two, new Command.Stop(Optional.empty(), Optional.empty()));
        send(two, new Command.Resume());
        send(two, new Command.Redrive());
        fire(two);
        complete(two);
        complete(two);
        assertThat(one.ended && two.ended).isTrue();

        var report = CleanLogTest.verify(log);
        assertThat(report.differences()).isEmpty();
        assertThat(report.run()).isEqualTo(report.records());
        assertThat(report.statuses()).isEqualTo(log.count(LogTopic.EXECUTIONS));
    }
}
