package io.stepstream.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.Utils;

/** The topics: their names, how they are laid out, and which partition and subject is whose. */
public final class Topics {

    public static final String COMMANDS = "stepstream.commands";
    public static final String TASK_RESULTS = "stepstream.task-results";
    public static final String INTERNAL = "stepstream.internal";
    public static final String HISTORY = "stepstream.history";
    public static final String EXECUTIONS = "stepstream.executions";
    public static final String VERDICTS = "stepstream.verdicts";
    public static final String DEFINITIONS = "stepstream.definitions";
    public static final String DEAD_LETTERS = "stepstream.dead-letters";
    public static final String KEYS = "stepstream.keys";
    public static final String VIEWS = "stepstream.views";
    public static final String AUDIT_CHECKPOINTS = "stepstream.audit-checkpoints";

    /** The header of a task request of a sealed execution: whoever reads it must not keep what is in it. */
    public static final String SEALED_HEADER = "stepstream-sealed";

    /** The header of a task request that holds its token: whoever cannot read the request can still fail its task. */
    public static final String TOKEN_HEADER = "stepstream-task-token";

    /** What the names of all task topics begin with. */
    public static final String TASK_REQUESTS_PREFIX = "stepstream.task-requests.";

    /**
     * The largest record batch that a topic takes. The worst legal record is the history of a step: 512 KiB of output, at which
     * the step yields, and the one payload of 256 KiB that took it there. That is 768 KiB; the rest of the 2 MiB is for names,
     * events, definitions (1 MiB at most), and for raising the payload's limit without touching topics.
     */
    public static final int MAX_RECORD_BYTES = 2 * 1024 * 1024;

    /**
     * The {@code max.request.size} of every producer of ours: that of a dead letter, which holds another record whole.
     */
    public static final int MAX_REQUEST_BYTES = 3 * 1024 * 1024;

    /** What Kafka's 249 leave beside the prefix, with some room. */
    private static final int TASK_NAME_BYTES = 200;

    private static final Pattern TASK_NAME = Pattern.compile("[^\\s\\p{Cntrl}\\p{Cs}]{1,80}");

    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

    private static final String TASK_REQUESTS_SUBJECT = "stepstream.task-requests-value";

    private static final Map<String, TopicSettings> FIXED = fixed();

    private Topics() {}

    /**
     * The topic that requests of this task are in. Letters, digits, _ and - stand for themselves there; a byte of any other
     * character is a dot and two hexadecimal digits, so that two names never share a topic.
     *
     * @throws IllegalArgumentException if it is no task name
     */
    public static String taskRequests(String taskName) {
        if (!isTaskName(taskName)) {
            throw new IllegalArgumentException("A task name is 1 to 80 visible characters, and at most "
                    + TASK_NAME_BYTES + " when each byte but a letter a-z or A-Z, a digit, _ and - counts three; not \""
                    + taskName + "\"");
        }
        return TASK_REQUESTS_PREFIX + encoded(taskName);
    }

    /**
     * The task name that a topic of requests, or a share group, is of.
     *
     * @throws IllegalArgumentException if it is no such topic
     */
    public static String taskName(String topic) {
        if (!topic.startsWith(TASK_REQUESTS_PREFIX)) {
            throw new IllegalArgumentException(topic + " is no topic of task requests");
        }
        var encoded = topic.substring(TASK_REQUESTS_PREFIX.length());
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.length(); i++) {
            if (encoded.charAt(i) == '.' && i + 2 < encoded.length()) {
                bytes.write(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(encoded.charAt(i));
            }
        }
        return bytes.toString(UTF_8);
    }

    /** The share group of this task's workers: named as its topic, so that the two are found together. */
    public static String workerGroup(String taskName) {
        return taskRequests(taskName);
    }

    /**
     * The consumer group of this task's workers on brokers that have no share groups. A group is of one kind for ever, so it has a name of
     * its own; no task's topic ends so, as a dot is followed by hexadecimal digits in those.
     */
    public static String classicWorkerGroup(String taskName) {
        return taskRequests(taskName) + ".classic";
    }

    /** Whether this can name a task: it becomes a part of a topic's name. */
    public static boolean isTaskName(String name) {
        return TASK_NAME.matcher(name).matches() && encoded(name).length() <= TASK_NAME_BYTES;
    }

    private static String encoded(String taskName) {
        var topic = new StringBuilder();
        for (var b : taskName.getBytes(UTF_8)) {
            if (b > 0 && PLAIN.indexOf(b) >= 0) {
                topic.append((char) b);
            } else {
                topic.append('.').append(HexFormat.of().toHexDigits(b));
            }
        }
        return topic.toString();
    }

    /** The registry's subject of values of this topic; all task topics share one, for they hold the same type. */
    public static String subject(String topic) {
        return topic.startsWith(TASK_REQUESTS_PREFIX) ? TASK_REQUESTS_SUBJECT : topic + "-value";
    }

    /** The partition of this key, the same in every topic with so many: that which Kafka's own producer chooses. */
    public static int partitionOf(String key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(UTF_8))) % partitions;
    }

    /**
     * Creates those topics that are missing, the task topics apart. Changes nothing about those that exist: {@link #check} says
     * what is wrong with them.
     *
     * @param partitions of each topic that is spread as the engine; fixed from now on
     * @param replication replication factor
     */
    public static void create(Admin admin, int partitions, short replication) {
        TopicAdmin.create(admin, FIXED, partitions, replication);
    }

    /**
     * What is wrong with the topics that there are, in words, each with what to do; empty if nothing. A topic that is stricter
     * or keeps longer than ours is right.
     */
    public static List<String> check(Admin admin) {
        return TopicAdmin.check(admin, FIXED);
    }

    /**
     * Creates the task's topic if it is missing, and has its workers' share group begin with the earliest request and read only
     * what is committed.
     */
    public static void createTask(Admin admin, String taskName, int partitions, short replication) {
        TopicAdmin.create(admin, Map.of(taskRequests(taskName), TopicSettings.taskRequests()), partitions, replication);
        TopicAdmin.configureShareGroup(admin, workerGroup(taskName));
    }

    /**
     * Has the task's workers' share group begin with the earliest request and read only what is committed, as {@link #createTask}
     * does: for a worker that is there before its topic.
     */
    public static void configureWorkers(Admin admin, String taskName) {
        TopicAdmin.configureShareGroup(admin, workerGroup(taskName));
    }

    /**
     * What a topic that holds data keys needs besides being compacted, so that a destroyed key is off the disks within some two hours: the engine's
     * own changelog of them is configured by this too.
     */
    public static Map<String, String> promptCompaction() {
        return TopicSettings.PROMPT_COMPACTION;
    }

    private static Map<String, TopicSettings> fixed() {
        Map<String, TopicSettings> fixed = new LinkedHashMap<>();
        fixed.put(COMMANDS, TopicSettings.input());
        fixed.put(TASK_RESULTS, TopicSettings.input());
        fixed.put(INTERNAL, TopicSettings.input());
        fixed.put(HISTORY, TopicSettings.history());
        fixed.put(EXECUTIONS, TopicSettings.executions());
        fixed.put(VERDICTS, TopicSettings.verdicts());
        fixed.put(DEFINITIONS, TopicSettings.definitions());
        fixed.put(DEAD_LETTERS, TopicSettings.deadLetters());
        fixed.put(KEYS, TopicSettings.keys());
        fixed.put(VIEWS, TopicSettings.views());
        fixed.put(AUDIT_CHECKPOINTS, TopicSettings.auditCheckpoints());
        return Collections.unmodifiableMap(fixed);
    }
}
