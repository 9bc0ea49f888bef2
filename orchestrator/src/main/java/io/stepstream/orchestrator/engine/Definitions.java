package io.stepstream.orchestrator.engine;

import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.asl.execution.ExecutionIdentity;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.StateMachineRevision;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** What the topic {@code definitions} says, as far as this instance has read it; revisions compiled, the latest used kept. */
final class Definitions {
    /** A compiled definition takes some ten times its text: at AWS's largest text, a few hundred MiB at the very worst. */
    private static final int KEPT = 200;

    private final ReadOnlyKeyValueStore<String, byte[]> store;
    private final RecordCodec codec;
    private final Map<String, Revision> compiled = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Revision> eldest) {
            return size() > KEPT;
        }
    };

    Definitions(ReadOnlyKeyValueStore<String, byte[]> store, RecordCodec codec) {
        this.store = store;
        this.codec = codec;
    }

    /** One revision of a state machine, ready to run. */
    record Revision(StateMachineRevision source, StateMachine machine, Set<String> taskNames) {

        /** An execution that was started to run it. */
        ExecutionIdentity identity(StartExecution start) {
            var version = Optional.ofNullable(start.getVersionArn())
                    .map(arn -> new ExecutionIdentity.Version(arn, Optional.ofNullable(start.getAliasArn())));
            var type = WorkflowType.valueOf(source.getType());
            return identity(start.getExecutionArn(), start.getName(), kind(type, start.getAwaited()), version);
        }

        private static ExecutionIdentity.Kind kind(WorkflowType type, boolean awaited) {
            return switch (type) {
                case STANDARD -> ExecutionIdentity.Kind.STANDARD;
                case EXPRESS -> awaited ? ExecutionIdentity.Kind.EXPRESS_SYNC : ExecutionIdentity.Kind.EXPRESS;
            };
        }

        /** An execution that another one has started to run it. */
        ExecutionIdentity identity(String executionArn, String name) {
            return identity(
                    executionArn, name, ExecutionIdentity.Kind.valueOf(source.getType()), Optional.empty());
        }

        private ExecutionIdentity identity(
                String executionArn,
                String name,
                ExecutionIdentity.Kind kind,
                Optional<ExecutionIdentity.Version> version) {
            return new ExecutionIdentity(
                    executionArn,
                    name,
                    source.getStateMachineArn(),
                    source.getName(),
                    source.getRoleArn(),
                    source.getRevision(),
                    kind,
                    version);
        }
    }

    /** The key of a state machine's revision in the topic and in the store. */
    static String key(String stateMachineArn, String revision) {
        return stateMachineArn + ' ' + revision;
    }

    /** The key of a task name in the topic and in the store. */
    static String taskKey(String taskName) {
        return "task " + taskName;
    }

    /** The key of a state machine or an activity as it is. */
    static String resourceKey(String arn) {
        return "resource " + arn;
    }

    /** A revision; absent if this instance has not read of it. */
    Optional<Revision> revision(String stateMachineArn, String revision) throws NotYet {
        var key = key(stateMachineArn, revision);
        var known = compiled.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        var stored = store.get(key);
        if (stored == null) {
            return Optional.empty();
        }
        var read = compile(key, stored);
        compiled.put(key, read);
        return Optional.of(read);
    }

    /** The revision of a state machine that is current; absent if this instance has not read of it. */
    Optional<Revision> current(String stateMachineArn) throws NotYet {
        var stored = store.get(stateMachineArn);
        return stored == null
                ? Optional.empty()
                : revision(stateMachineArn, source(stateMachineArn, stored).getRevision());
    }

    /** Whether requests for this task name have somewhere to go, whichever state machine they come from. */
    boolean isTaskRegistered(String taskName) {
        return store.get(taskKey(taskName)) != null;
    }

    private Revision compile(String key, byte[] stored) throws NotYet {
        var source = source(key, stored);
        return switch (StateMachine.parse(source.getDefinition(), WorkflowType.valueOf(source.getType()))) {
            case Parsed.Valid valid -> new Revision(source, valid.machine(), Set.copyOf(source.getTaskNames()));
            case Parsed.Invalid(var findings) ->
                throw new IllegalStateException(
                        "this version refuses " + key + ", which an earlier one has accepted: " + findings);
        };
    }

    private StateMachineRevision source(String key, byte[] stored) throws NotYet {
        try {
            return (StateMachineRevision) codec.decode(stored, Definition.class).getBody();
        } catch (RegistryUnavailable e) {
            throw new NotYet("the schema of " + key, e);
        } catch (Undecodable e) {
            throw new IllegalStateException("the topic of definitions holds what is none under " + key, e);
        }
    }
}
