package io.stepstream.cli.serve;

import io.stepstream.cli.dev.Trouble;
import io.stepstream.schemas.Acls;
import io.stepstream.schemas.ClientSettings;
import io.stepstream.schemas.ClusterCheck;
import io.stepstream.schemas.Topics;
import io.stepstream.settings.Key;
import io.stepstream.settings.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stepstream topics}: makes what an installation needs on a cluster, and says what is not as it must be. */
@Command(
        name = "topics",
        description =
                "Creates an installation's topics, checks them and the brokers, or lists the rights that programs need.",
        mixinStandardHelpOptions = true)
public final class TopicsCommand implements Callable<Integer> {

    /** Exactly one of them. */
    static final class Action {
        @Option(
                names = "--check",
                description = "Say what is not as it must be, and what to do; exit code 1 if there is something.")
        private boolean check;

        @Option(
                names = "--create",
                description = "Create what is missing (settings topics.partitions, topics.replication), then check.")
        private boolean create;

        @Option(
                names = "--acls",
                description = "Print the commands that give each program its rights on a cluster with an authorizer.")
        private boolean acls;
    }

    @ArgGroup(multiplicity = "1")
    private final Action action = new Action();

    @Option(
            names = "--task",
            paramLabel = "NAME",
            description = "A task name to register, or a worker's to print rights for; give one option for each.")
    private List<String> tasks = List.of();

    @Mixin
    private final ConfigOption config = new ConfigOption();

    private final PrintWriter out;

    public TopicsCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        try {
            if (action.acls) {
                rights();
                return 0;
            }
            var settings = config.settings();
            try (var admin = admin(settings)) {
                if (action.create) {
                    create(admin, settings);
                }
                return check(new ClusterCheck(admin));
            }
        } catch (IllegalArgumentException | KafkaException e) {
            throw new Trouble("the topics cannot be looked after: " + e.getMessage(), e);
        }
    }

    private static Admin admin(Settings settings) {
        var clients = ClientSettings.of(settings.required(Key.BOOTSTRAP_SERVERS), settings.family(Key.KAFKA));
        clients.keySet().retainAll(AdminClientConfig.configNames());
        return Admin.create(clients);
    }

    private void create(Admin admin, Settings settings) {
        var partitions = settings.number(Key.TOPICS_PARTITIONS);
        var replication = (short) settings.number(Key.TOPICS_REPLICATION);
        Topics.create(admin, partitions, replication);
        tasks.forEach(task -> Topics.createTask(admin, task, partitions, replication));
    }

    private int check(ClusterCheck cluster) {
        cluster.topics()
                .forEach(topic -> out.printf(
                        "%-60s %3d partitions, replication %d%n",
                        topic.topic(), topic.partitions(), topic.replication()));
        var findings = cluster.findings();
        findings.forEach(finding -> out.println("! " + finding));
        out.println(
                findings.isEmpty()
                        ? "everything is as it must be"
                        : findings.size() + " things are not as they must be");
        return findings.isEmpty() ? 0 : 1;
    }

    private void rights() {
        for (var role : Acls.values()) {
            var of = role == Acls.WORKER ? tasks : List.of("");
            of.forEach(task -> {
                var name = role.name().toLowerCase(Locale.ROOT);
                out.println("# " + name + (task.isEmpty() ? "" : " of " + task));
                role.commands("User:" + name, task).forEach(out::println);
            });
        }
        if (tasks.isEmpty()) {
            out.println("# for workers, give --task NAME");
        }
    }
}
