package io.stepstream.load.server;

import io.stepstream.load.profile.Flow;
import io.stepstream.load.profile.StepProfile;
import io.stepstream.orchestrator.engine.EngineConfig;
import io.stepstream.orchestrator.engine.EngineTopology;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;

/**
 * What the ceiling sends and stores for each record that it takes: the engine's numbers and sizes of records, and a record of the engine's
 * for each.
 *
 * @param tasks of an execution
 * @param request what asks for a task
 * @param began status at the first step
 * @param ended status at the last
 */
record CeilingScript(
        int tasks,
        byte[] request,
        byte[] began,
        byte[] ended,
        Part history,
        Part internal,
        Part verdicts,
        Part rows,
        Part rowDeletions,
        Part timers,
        Part timerDeletions) {

    /**
     * Records that are not in every step.
     *
     * @param perStep how many on the average
     * @param value one of them; empty if there are none
     */
    record Part(double perStep, byte[] value) {}

    /** The schemas in what clients decode are registered anew: another registry may number them otherwise. */
    static CeilingScript of(StepProfile profile, int tasks, SchemaRegistry registry) {
        var statuses = sample(profile, Topics.EXECUTIONS, 2);
        var requests = profile.flows().stream()
                .filter(flow -> flow.topic().startsWith(Topics.TASK_REQUESTS_PREFIX))
                .map(Flow::samples)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the engine asked for no task"));
        var rows = changelog(EngineTopology.ROWS);
        var timers = changelog(EngineTopology.TIMERS);
        return new CeilingScript(
                tasks,
                framed(requests.getFirst(), Topics.TASK_REQUESTS_PREFIX, TaskRequest.getClassSchema(), registry),
                framed(statuses.getFirst(), Topics.EXECUTIONS, ExecutionStatus.getClassSchema(), registry),
                framed(statuses.getLast(), Topics.EXECUTIONS, ExecutionStatus.getClassSchema(), registry),
                part(profile, Topics.HISTORY),
                part(profile, Topics.INTERNAL),
                part(profile, Topics.VERDICTS),
                part(profile, rows),
                deletions(profile, rows),
                part(profile, timers),
                deletions(profile, timers));
    }

    private static String changelog(String store) {
        return EngineConfig.APPLICATION_ID + '-' + store + "-changelog";
    }

    private static List<byte[]> sample(StepProfile profile, String topic, int count) {
        var samples = profile.flow(topic).map(Flow::samples).orElse(List.of());
        if (samples.size() != count) {
            throw new IllegalArgumentException("the engine's run has " + samples.size() + " kinds of records in "
                    + topic + " where " + count + " were expected: measure more executions");
        }
        return samples;
    }

    private static Part part(StepProfile profile, String topic) {
        return profile.flow(topic)
                .filter(flow -> flow.records() > flow.deletions())
                .map(flow -> new Part((double) (flow.records() - flow.deletions()) / profile.steps(), ofMeanSize(flow)))
                .orElse(new Part(0, new byte[0]));
    }

    /** The sample, shortened or lengthened: nobody reads it, and the bytes of all together are to be right. */
    private static byte[] ofMeanSize(Flow flow) {
        var sample = flow.samples().getFirst();
        var mean = Arrays.copyOf(sample, flow.meanValueBytes());
        for (var i = sample.length; i < mean.length; i++) {
            mean[i] = sample[i % sample.length];
        }
        return mean;
    }

    private static Part deletions(StepProfile profile, String topic) {
        return new Part(
                profile.flow(topic)
                        .map(flow -> (double) flow.deletions() / profile.steps())
                        .orElse(0.0),
                new byte[0]);
    }

    private static byte[] framed(byte[] record, String topic, Schema schema, SchemaRegistry registry) {
        var framed = record.clone();
        ByteBuffer.wrap(framed).putInt(1, registry.register(Topics.subject(topic), schema));
        return framed;
    }
}
