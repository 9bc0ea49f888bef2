package io.stepstream.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.HistoryRecord;
import io.stepstream.schemas.avro.PauseStateMachine;
import io.stepstream.schemas.avro.ResumeStateMachine;
import io.stepstream.schemas.avro.StateMachinePaused;
import io.stepstream.schemas.avro.TaskChange;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pause of a state machine on a real broker: its executions are in all partitions, and each partition is told. */
class PauseIT {
    private static final String TASKS = """
            {"StartAt":"A","States":{
              "A":{"Type":"Task","Resource":"arn:stepstream:kafka:::a","Next":"B"},
              "B":{"Type":"Task","Resource":"arn:stepstream:kafka:::b","End":true}}}""";
    private static final String MACHINE = Arns.DEFAULT.stateMachine("machine");

    private static String arn(String name) {
        return Arns.DEFAULT.execution("machine", name);
    }

    private static String id(String name) {
        return Arns.executionId(arn(name));
    }

    /** Names of executions, one in each partition. */
    private static List<String> oneInEach(String prefix) {
        return IntStream.range(0, Installation.PARTITIONS)
                .mapToObj(partition -> IntStream.range(0, 1_000)
                        .mapToObj(i -> prefix + "-" + i)
                        .filter(name -> Topics.partitionOf(id(name), Installation.PARTITIONS) == partition)
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    /** The steps that were made while their partition held the state machine's executions. */
    private static List<HistoryRecord> meanwhile(Installation kafka) {
        return kafka.all(Topics.HISTORY, HistoryRecord.class).stream()
                .filter(HistoryRecord::getStateMachinePaused)
                .toList();
    }

    private static TaskSucceeded done() {
        return new TaskSucceeded(Payloads.of("{}"));
    }

    @Test
    void executionsOfEveryPartitionAreHeldAndGoOn(@TempDir Path folder) throws Exception {
        assertThat(Installation.PARTITIONS).isGreaterThan(1);
        try (var kafka = new Installation(folder);
                var _ = kafka.orchestrator()) {
            var revision = kafka.create("machine", TASKS, "a", "b").getRevision();
            var running = oneInEach("running");
            running.forEach(name -> kafka.sendStart("machine", revision, name, "{}"));
            var asked =
                    running.stream().map(name -> kafka.request("a", id(name))).toList();

            var paused = kafka.command(MACHINE, new PauseStateMachine(MACHINE));
            assertThat(kafka.verdict(paused).getRefusal()).isNull();
            kafka.awaitTold(internal -> internal.getBody() instanceof StateMachinePaused);

            // Answers are taken, starts too; nothing is begun.
            asked.forEach(request -> assertThat(
                            kafka.verdict(kafka.answer(request, done())).getRefusal())
                    .isNull());
            var started = oneInEach("started");
            started.forEach(name -> assertThat(kafka.verdict(kafka.sendStart("machine", revision, name, "{}"))
                            .getRefusal())
                    .isNull());
            kafka.await(() -> meanwhile(kafka).size() == running.size() + started.size());
            assertThat(meanwhile(kafka))
                    .allSatisfy(step -> assertThat(step.getTasks())
                            .extracting(TaskChange::getChange)
                            .doesNotContain("REQUESTED"));

            var resumed = kafka.command(MACHINE, new ResumeStateMachine(MACHINE));
            assertThat(kafka.verdict(resumed).getRefusal()).isNull();
            running.forEach(name -> kafka.answer(kafka.request("b", id(name)), done()));
            started.forEach(name -> kafka.answer(kafka.request("a", id(name)), done()));
            started.forEach(name -> kafka.answer(kafka.request("b", id(name)), done()));
            running.forEach(name -> assertThat(kafka.end(arn(name)).getStatus()).isEqualTo("SUCCEEDED"));
            started.forEach(name -> assertThat(kafka.end(arn(name)).getStatus()).isEqualTo("SUCCEEDED"));
        }
    }
}
