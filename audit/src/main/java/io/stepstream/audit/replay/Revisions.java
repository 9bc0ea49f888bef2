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
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.StateMachineRevision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The revisions of state machines in a log. A revision is named by the hash of its text, and one whose text has another hash is not
 * taken. Shared by threads; what is compiled is not ({@link #compiler}).
 */
public final class Revisions {
    private static final int REVISION_DIGITS = 32;
    /** As the engine keeps: a few hundred MiB at the very worst. */
    private static final int COMPILED = 200;

    private final Map<String, StateMachineRevision> sources;
    private final List<Refused> refused;

    /** A record of the topic of definitions that is no revision, though it says so. */
    public record Refused(int partition, long offset, String why) {}

    private Revisions(Map<String, StateMachineRevision> sources, List<Refused> refused) {
        this.sources = Map.copyOf(sources);
        this.refused = List.copyOf(refused);
    }

    /** Reads all revisions of a log. */
    public static Revisions read(LogSource log) {
        var codec = new RecordCodec(log.schemas());
        var sources = new HashMap<String, StateMachineRevision>();
        var refused = new ArrayList<Refused>();
        for (int partition : log.partitions(LogTopic.DEFINITIONS).keySet()) {
            try (var reader = log.read(LogTopic.DEFINITIONS, partition)) {
                var more = true;
                while (more) {
                    try {
                        more = reader.hasNext();
                        if (more) {
                            take(reader.next(), codec, sources, refused);
                        }
                    } catch (DamagedLog e) {
                        refused.add(new Refused(partition, e.offset(), String.valueOf(e.getMessage())));
                    }
                }
            }
        }
        return new Revisions(sources, refused);
    }

    private static void take(
            LogRecord record, RecordCodec codec, Map<String, StateMachineRevision> sources, List<Refused> refused) {
        if (record.value().isEmpty()) {
            return;
        }
        try {
            if (codec.decode(record.value().get().get(), Definition.class).getBody()
                    instanceof StateMachineRevision source) {
                var hash = Hashes.sha256(source.getDefinition()).substring(0, REVISION_DIGITS);
                if (!hash.equals(source.getRevision())) {
                    refused.add(new Refused(
                            record.partition(),
                            record.offset(),
                            "the text of revision " + source.getRevision() + " of " + source.getStateMachineArn()
                                    + " has the hash " + hash));
                } else if (!record.keyText().equals(key(source.getStateMachineArn(), hash))) {
                    refused.add(new Refused(
                            record.partition(), record.offset(), "the key is not that of the revision in the value"));
                } else {
                    sources.put(record.keyText(), source);
                }
            }
        } catch (Undecodable e) {
            refused.add(new Refused(record.partition(), record.offset(), String.valueOf(e.getMessage())));
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
            return switch (StateMachine.parse(source.getDefinition(), WorkflowType.valueOf(source.getType()))) {
                case Parsed.Valid valid -> Optional.of(valid.machine());
                case Parsed.Invalid _ -> Optional.empty();
            };
        }
    }
}
