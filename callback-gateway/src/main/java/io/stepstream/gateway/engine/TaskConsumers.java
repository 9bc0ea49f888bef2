package io.stepstream.gateway.engine;

import io.stepstream.schemas.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells which task names nobody takes the requests of: no worker is in their groups, and nobody polls them over HTTP. */
final class TaskConsumers {

    private static final Logger LOG = LoggerFactory.getLogger(TaskConsumers.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final Admin admin;

    TaskConsumers(Admin admin) {
        this.admin = admin;
    }

    /** Those of these names that have no consumer now; none if the brokers do not tell. */
    Set<String> missing(Collection<String> names) {
        var missing = new TreeSet<String>();
        var share = admin.describeShareGroups(
                        names.stream().map(Topics::workerGroup).toList())
                .describedGroups();
        var classic = admin.describeConsumerGroups(
                        names.stream().map(Topics::classicWorkerGroup).toList())
                .describedGroups();
        try {
            for (var name : names) {
                var sharing = Objects.requireNonNull(share.get(Topics.workerGroup(name)));
                var others = Objects.requireNonNull(classic.get(Topics.classicWorkerGroup(name)));
                var members = members(sharing.thenApply(group -> group.members()))
                        + members(others.thenApply(group -> group.members()));
                if (members == 0) {
                    missing.add(name);
                }
            }
            return missing;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Who takes the requests of {} cannot be told: {}", names, e.getMessage());
            return Set.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Set.of();
        }
    }

    private static int members(KafkaFuture<? extends Collection<?>> members)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            return members.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).size();
        } catch (ExecutionException e) {
            // The latter of brokers that have no share groups: there workers are classic groups.
            if (e.getCause() instanceof GroupIdNotFoundException
                    || e.getCause() instanceof UnsupportedVersionException) {
                return 0;
            }
            throw e;
        }
    }
}
