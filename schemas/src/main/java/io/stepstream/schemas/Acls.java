package io.stepstream.schemas;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** What each kind of program may do on a cluster with an authorizer, and no more than it needs. */
public enum Acls {
    /** The engine and the read side. */
    ORCHESTRATOR {
        @Override
        List<Grant> grants(String task) {
            return List.of(
                    topics(
                            PatternType.PREFIXED,
                            "stepstream.",
                            AclOperation.READ,
                            AclOperation.WRITE,
                            AclOperation.DESCRIBE_CONFIGS),
                    // Changelogs and what else Kafka Streams keeps, of the engine and of each generation of the read
                    // side.
                    topics(
                            PatternType.PREFIXED,
                            "stepstream-",
                            AclOperation.READ,
                            AclOperation.WRITE,
                            AclOperation.CREATE,
                            AclOperation.DELETE,
                            AclOperation.DESCRIBE_CONFIGS),
                    groups(PatternType.PREFIXED, "stepstream-", AclOperation.READ, AclOperation.DELETE),
                    new Grant(
                            ResourceType.TRANSACTIONAL_ID,
                            PatternType.PREFIXED,
                            "stepstream-",
                            List.of(AclOperation.WRITE)));
        }
    },
    /** A callback gateway; it makes the topics of tasks that are deployed by it. */
    GATEWAY {
        @Override
        List<Grant> grants(String task) {
            return List.of(
                    topics(PatternType.LITERAL, Topics.COMMANDS, AclOperation.WRITE),
                    topics(PatternType.LITERAL, Topics.TASK_RESULTS, AclOperation.WRITE),
                    topics(PatternType.LITERAL, Topics.VERDICTS, AclOperation.READ),
                    topics(PatternType.LITERAL, Topics.DEFINITIONS, AclOperation.READ),
                    topics(PatternType.LITERAL, Topics.DEAD_LETTERS, AclOperation.WRITE),
                    topics(PatternType.PREFIXED, Topics.TASK_REQUESTS_PREFIX, AclOperation.READ, AclOperation.CREATE),
                    groups(
                            PatternType.PREFIXED,
                            Topics.TASK_REQUESTS_PREFIX,
                            AclOperation.READ,
                            AclOperation.ALTER_CONFIGS,
                            AclOperation.DESCRIBE_CONFIGS));
        }
    },
    /** A worker of one task. */
    WORKER {
        @Override
        List<Grant> grants(String task) {
            return List.of(
                    topics(PatternType.LITERAL, Topics.taskRequests(task), AclOperation.READ),
                    topics(PatternType.LITERAL, Topics.TASK_RESULTS, AclOperation.WRITE),
                    topics(PatternType.LITERAL, Topics.DEAD_LETTERS, AclOperation.WRITE),
                    groups(
                            PatternType.LITERAL,
                            Topics.workerGroup(task),
                            AclOperation.READ,
                            AclOperation.ALTER_CONFIGS,
                            AclOperation.DESCRIBE_CONFIGS));
        }
    },
    /** Somebody who sends dead letters again; topics of others that they came from are for others to grant. */
    OPERATOR {
        @Override
        List<Grant> grants(String task) {
            return List.of(
                    topics(PatternType.PREFIXED, "stepstream.", AclOperation.READ, AclOperation.WRITE),
                    new Grant(
                            ResourceType.TRANSACTIONAL_ID,
                            PatternType.LITERAL,
                            DeadLetters.TRANSACTIONAL_ID,
                            List.of(AclOperation.WRITE)));
        }
    },
    /** Somebody who verifies, exports and reports; writes checkpoints. */
    AUDITOR {
        @Override
        List<Grant> grants(String task) {
            return List.of(
                    topics(PatternType.LITERAL, Topics.HISTORY, AclOperation.READ),
                    topics(PatternType.LITERAL, Topics.EXECUTIONS, AclOperation.READ),
                    topics(PatternType.LITERAL, Topics.DEFINITIONS, AclOperation.READ),
                    topics(PatternType.LITERAL, Topics.KEYS, AclOperation.READ),
                    topics(PatternType.LITERAL, Topics.AUDIT_CHECKPOINTS, AclOperation.READ, AclOperation.WRITE));
        }
    };

    /**
     * What is allowed on something.
     *
     * @param resource a topic, a group or a transactional id
     * @param pattern whether {@code name} is its name, or what its name begins with
     */
    public record Grant(ResourceType resource, PatternType pattern, String name, List<AclOperation> operations) {

        Stream<AclBinding> to(String principal) {
            return operations.stream()
                    .map(operation -> new AclBinding(
                            new ResourcePattern(resource, name, pattern),
                            new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW)));
        }

        /** As Kafka's own command line tool takes it. */
        String command(String principal) {
            var command = new StringBuilder("kafka-acls.sh --add --allow-principal " + principal);
            operations.forEach(operation -> command.append(" --operation ").append(operation.name()));
            var kind = switch (resource) {
                case TOPIC -> " --topic ";
                case GROUP -> " --group ";
                case TRANSACTIONAL_ID -> " --transactional-id ";
                case ANY, CLUSTER, DELEGATION_TOKEN, UNKNOWN, USER ->
                    throw new IllegalStateException("nothing is granted on a " + resource);
            };
            command.append(kind).append(name);
            return pattern == PatternType.PREFIXED
                    ? command.append(" --resource-pattern-type prefixed").toString()
                    : command.toString();
        }
    }

    abstract List<Grant> grants(String task);

    private static Grant topics(PatternType pattern, String name, AclOperation... operations) {
        return new Grant(ResourceType.TOPIC, pattern, name, List.of(operations));
    }

    private static Grant groups(PatternType pattern, String name, AclOperation... operations) {
        return new Grant(ResourceType.GROUP, pattern, name, List.of(operations));
    }

    /**
     * The bindings for a principal.
     *
     * @param principal like {@code User:orchestrator}
     * @param task the task of a {@link #WORKER}; of no account otherwise
     */
    public List<AclBinding> bindings(String principal, String task) {
        return grants(task).stream().flatMap(grant -> grant.to(principal)).toList();
    }

    /** The commands of Kafka's own tool that make {@link #bindings}. */
    public List<String> commands(String principal, String task) {
        return grants(task).stream().map(grant -> grant.command(principal)).toList();
    }
}
