package io.stepstream.audit;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.execution.Limits;
import io.stepstream.audit.log.LogExport;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.log.OffsetRange;
import io.stepstream.local.InMemorySchemaRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Writes a log of many executions of one task or three each, some hundred at a time, by the engine's own steps: for measuring what
 * verifying it takes. {@code LoadedLog FILE EXECUTIONS PARTITIONS one-task|three-tasks}.
 */
final class LoadedLog {
    private static final int OPEN = 500;

    private static final String ONE_TASK = """
        {"StartAt":"Charge","States":{
         "Charge":{"Type":"Task","Resource":"arn:stepstream:kafka:::charge","TimeoutSeconds":60,"ResultPath":"$.charged","End":true}}}\
        """;

    private static final String THREE_TASKS = """
        {"StartAt":"Reserve","States":{
         "Reserve":{"Type":"Task","Resource":"arn:stepstream:kafka:::reserve","TimeoutSeconds":60,"ResultPath":"$.reserved","Next":"Charge"},
         "Charge":{"Type":"Task","Resource":"arn:stepstream:kafka:::charge","TimeoutSeconds":60,"ResultPath":"$.charged","Next":"Ship"},
         "Ship":{"Type":"Task","Resource":"arn:stepstream:kafka:::ship","TimeoutSeconds":60,"ResultPath":"$.shipped","End":true}}}\
        """;

    private LoadedLog() {}

    public static void main(String[] args) throws IOException {
        var executions = Integer.parseInt(args[1]);
        var registry = new InMemorySchemaRegistry();
        Map<String, Long> ends = new HashMap<>();
        try (var export = new LogExport(Files.newOutputStream(Path.of(args[0])))) {
            var recorder = new Recorder(Integer.parseInt(args[2]), registry, Limits.DEFAULT, (topic, record) -> {
                try {
                    export.add(topic, record);
                    ends.put(topic + " " + record.partition(), record.offset() + 1);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            play(recorder, machine(args[3]), executions);
            for (var topic : LogTopic.values()) {
                for (var partition = 0; partition < recorder.partitions; partition++) {
                    var end = ends.get(topic + " " + partition);
                    if (end != null) {
                        export.partition(topic, partition, new OffsetRange(0, end));
                    }
                }
            }
            System.out.printf(
                    "%d records, %d steps of %d executions%n", export.finish(registry), recorder.steps, executions);
        }
    }

    private static String machine(String workload) {
        return switch (workload) {
            case "one-task" -> ONE_TASK;
            case "three-tasks" -> THREE_TASKS;
            default -> throw new IllegalArgumentException(workload + " is neither one-task nor three-tasks");
        };
    }

    private static void play(Recorder recorder, String definition, int executions) {
        var machine = recorder.deploy("order", definition, Set.of());
        var open = new ArrayDeque<Recorder.Run>();
        for (var started = 0; started < executions || !open.isEmpty(); ) {
            recorder.advanceTo(recorder.now().plusMillis(1));
            if (started < executions && open.size() < OPEN) {
                open.add(
                        recorder.start(
                                machine,
                                "order-" + started,
                                Document.ofTrusted(
                                        "{\"id\":" + started
                                                + ",\"customer\":{\"name\":\"Ines\",\"vip\":true},\"items\":[{\"sku\":\"a\",\"count\":2}]}")));
                started++;
            } else {
                var run = open.remove();
                run.complete(
                        run.open.keySet().iterator().next(), Document.ofTrusted("{\"ok\":true,\"by\":\"worker\"}"));
                if (!run.ended) {
                    open.add(run);
                }
            }
        }
    }
}
