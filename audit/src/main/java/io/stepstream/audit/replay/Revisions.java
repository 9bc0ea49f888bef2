package io.stepstream.audit.replay;

import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.audit.log.DamagedLog;
import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.orchestrator.steps.Hashes;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.ActivityResource;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.StateMachineResource;
import io.stepstream.schemas.avro.StateMachineRevision;
import io.stepstream.schemas.avro.TaskName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The revisions of state machines in a log. A revision is named by the hash of what is fixed in it, and one that has another hash is not
 * taken. Shared by threads; what is compiled is not ({@link #compiler}).
 */
public final class Revisions {
    /** As the engine keeps: a few hundred MiB at the very worst. */
    private static final int COMPILED = 200;

    private final Map<String, StateMachineRevision> sources;
    private final List<Refused> refused;

    /** A record of the topic of definitions that is not what it says. */
    public record Refused(int partition, long offset, String why) {}

    private Revisions(Map<String, StateMachineRevision> sources, List<Refused> refused) {
        this.sources = Map.copyOf(sources);
        this.refused = List.copyOf(refused);
    }

    /** Reads all revisions of a log. */
    public static Revisions read(LogSource log) {
        var reading = new Reading(log.codec());
        for (int partition : log.partitions(LogTopic.DEFINITIONS).keySet()) {
            try (var reader = log.read(LogTopic.DEFINITIONS, partition)) {
                var more = true;
                while (more) {
                    try {
                        more = reader.hasNext();
                        if (more) {
                            reading.take(reader.next());
                        }
                    } catch (DamagedLog e) {
                        reading.refused.add(new Refused(partition, e.offset(), String.valueOf(e.getMessage())));
                    }
                }
            }
        }
        reading.compareCurrent();
        return new Revisions(reading.sources, reading.refused);
    }

    /** The topic holds each revision under its own key, and the current one under its machine's ARN as well. */
    private static final class Reading {
        private final RecordCodec codec;
        private final Map<String, StateMachineRevision> sources = new HashMap<>();
        private final Map<String, LogRecord> stored = new HashMap<>();
        private final Map<String, LogRecord> current = new LinkedHashMap<>();
        private final List<Refused> refused = new ArrayList<>();

        Reading(RecordCodec codec) {
            this.codec = codec;
        }

        void take(LogRecord record) {
            if (record.value().isEmpty()) {
                return;
            }
            try {
                switch (codec.decode(record.value().get().get(), Definition.class)
                        .getBody()) {
                    case StateMachineRevision source -> take(record, source);
                    case TaskName task -> {
                        if (!record.keyText().equals("task " + task.getName())) {
                            refuse(record, "the key is not that of the task " + task.getName());
                        }
                    }
                    case StateMachineResource machine -> takeResource(record, machine.getStateMachineArn());
                    case ActivityResource activity -> takeResource(record, activity.getActivityArn());
                    // A union's Java type is Object.
                    default -> refuse(record, "it defines nothing that is known");
                }
            } catch (Undecodable e) {
                refuse(record, String.valueOf(e.getMessage()));
            }
        }

        /** What there is of a resource besides its revisions: no step depends on it, and nothing vouches for what it says. */
        private void takeResource(LogRecord record, String arn) {
            if (!record.keyText().equals("resource " + arn)) {
                refuse(record, "the key is not that of the resource " + arn);
            }
        }

        private void take(LogRecord record, StateMachineRevision source) {
            var arn = source.getStateMachineArn();
            var hash = Hashes.revision(source.getDefinition(), source.getRoleArn(), source.getConfiguration());
            if (!hash.equals(source.getRevision())) {
                refuse(
                        record,
                        "what is fixed in revision " + source.getRevision() + " of " + arn + " has the hash " + hash);
            } else if (!StatesArn.parse(arn)
                    .filter(parsed -> parsed instanceof StatesArn.StateMachine machine
                            && machine.name().equals(source.getName()))
                    .isPresent()) {
                refuse(record, "the name " + source.getName() + " is not that of " + arn);
            } else if (record.keyText().equals(arn)) {
                current.put(arn, record);
            } else if (record.keyText().equals(key(arn, hash))) {
                sources.put(record.keyText(), source);
                stored.put(record.keyText(), record);
            } else {
                refuse(record, "the key is not that of the revision in the value");
            }
        }

        /** The two records of a current revision were written as one: what a revision's hash is not over is compared by that. */
        void compareCurrent() {
            current.forEach((arn, record) -> {
                try {
                    var body = codec.decode(record.value().orElseThrow().get(), Definition.class)
                            .getBody();
                    var twin = body instanceof StateMachineRevision source
                            ? stored.get(key(arn, source.getRevision()))
                            : null;
                    if (twin == null || !twin.value().equals(record.value())) {
                        refuse(record, "the current revision of " + arn + " is not the one of its own key");
                    }
                } catch (Undecodable e) {
                    refuse(record, String.valueOf(e.getMessage()));
                }
            });
        }

        private void refuse(LogRecord record, String why) {
            refused.add(new Refused(record.partition(), record.offset(), why));
        }
    }

    /** What was found in the topic and not taken. */
    public List<Refused> refused() {
        return refused;
    }

    /** The revision of this hash, as it was deployed. */
    public Optional<StateMachineRevision> source(String stateMachineArn, String revision) {
        return Optional.ofNullable(sources.get(key(stateMachineArn, revision)));
    }

    /** Compiles revisions, for one thread. */
    public Compiler compiler() {
        return new Compiler();
    }

    private static String key(String stateMachineArn, String revision) {
        return stateMachineArn + ' ' + revision;
    }

    /** Compiled revisions, the latest used kept. Not thread-safe, since compiled expressions are not. */
    public final class Compiler {
        private final Map<String, StateMachine> compiled = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, StateMachine> eldest) {
                return size() > COMPILED;
            }
        };

        private Compiler() {}

        /** A revision, ready to run; absent if the log has not got it, or it is not accepted any more. */
        public Optional<StateMachine> machine(String stateMachineArn, String revision) {
            var key = key(stateMachineArn, revision);
            var known = compiled.get(key);
            if (known != null) {
                return Optional.of(known);
            }
            var machine = source(stateMachineArn, revision).flatMap(Compiler::parse);
            machine.ifPresent(parsed -> compiled.put(key, parsed));
            return machine;
        }

        private static Optional<StateMachine> parse(StateMachineRevision source) {
            var type = Arrays.stream(WorkflowType.values())
                    .filter(known -> known.name().equals(source.getType()))
                    .findFirst();
            if (type.isEmpty()) {
                return Optional.empty();
            }
            return switch (StateMachine.parse(source.getDefinition(), type.get())) {
                case Parsed.Valid valid -> Optional.of(valid.machine());
                case Parsed.Invalid _ -> Optional.empty();
            };
        }
    }
}
