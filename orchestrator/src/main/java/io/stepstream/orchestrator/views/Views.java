package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.views.HistoryPage.Order;
import io.stepstream.orchestrator.views.HistoryReader.StoredStep;
import io.stepstream.orchestrator.views.avro.MapRunRow;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.SealedRecords;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.HistoryRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running read side of one instance: answers about the executions whose partitions it holds, and says who holds the others.
 *
 * <p>Every answer waits, up to a second, until the view has all that the partition's log had when it was asked for.
 */
public final class Views implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Views.class);
    private static final Duration FRESH_WITHIN = Duration.ofSeconds(1);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);
    private static final Duration BEFORE_NEW_THREAD = Duration.ofSeconds(1);

    private final RecordCodec codec;
    private final HostInfo self;
    private final Progress progress;
    private final Watches statuses = new Watches();
    private final Watches histories = new Watches();
    private final Admin admin;
    private final HistoryReader reader;
    private final SealedViews sealed;
    private final KafkaStreams streams;
    private final AutoCloseable streamsMeters;
    private final CompletableFuture<Void> running = new CompletableFuture<>();

    private Views(ViewsSettings settings, HostInfo self, int generation) {
        this.codec = settings.codec();
        this.self = self;
        this.progress = new Progress();
        this.admin = Admin.create(settings.clients());
        this.reader = new HistoryReader(codec, settings.clients());
        this.sealed = new SealedViews(codec, settings.masterKeys());
        this.streams = new KafkaStreams(
                ViewsTopology.build(codec, settings.meters(), progress, statuses, histories),
                ViewsConfig.of(settings, self, generation),
                new ViewClients(progress));
        this.streamsMeters = settings.meters().streams(streams, "views");
        streams.setUncaughtExceptionHandler(Views::newThread);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
                running.complete(null);
            }
        });
    }

    /**
     * Starts to read; the views answer once {@link #isReady()}.
     *
     * @param self host and port of this instance's query API, by which the other instances reach it
     * @param generation which of the read sides that there are: each is built by itself, from the log's beginning
     */
    static Views start(ViewsSettings settings, HostInfo self, int generation) {
        var views = new Views(settings, self, generation);
        views.streams.start();
        return views;
    }

    /** Whether this instance holds its share of the views; false while shares move. */
    public boolean isReady() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** Waits for the views to be there for the first time. */
    public void awaitReady(Duration atMost) throws InterruptedException, TimeoutException {
        try {
            running.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Only ever completed with a value", e);
        } catch (TimeoutException e) {
            throw new TimeoutException("The read side is " + streams.state() + " after " + atMost);
        }
    }

    /**
     * Who holds the views of this execution.
     *
     * @throws ViewsUnavailable while nobody does
     */
    public Located locateStatus(String executionId) {
        return locate(ViewsTopology.EXECUTIONS, executionId);
    }

    /** As {@link #locateStatus}, for history and tasks; the two may be with different instances. */
    public Located locateHistory(String executionId) {
        return locate(ViewsTopology.HISTORY, executionId);
    }

    private Located locate(String store, String executionId) {
        KeyQueryMetadata holder;
        try {
            holder = streams.queryMetadataForKey(store, executionId, new StringSerializer());
        } catch (StreamsException | IllegalStateException e) {
            throw new ViewsUnavailable("The read side is not running: it is " + streams.state());
        }
        if (holder == null || holder.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
            throw new ViewsUnavailable("The read side is " + streams.state() + "; try again");
        }
        return holder.activeHost().equals(self)
                ? new Located.Here(holder.partition())
                : new Located.Elsewhere(holder.activeHost());
    }

    /** The last status of an execution in a partition that this instance holds. */
    public Optional<ExecutionStatus> status(Located.Here at, String executionId) throws InterruptedException {
        awaitFresh(new TopicPartition(Topics.EXECUTIONS, at.partition()));
        return lastStatus(at, executionId);
    }

    /** The same, once the execution has ended or the time is over. */
    public Optional<ExecutionStatus> status(Located.Here at, String executionId, Duration endedWithin)
            throws InterruptedException {
        var deadline = System.nanoTime() + endedWithin.toNanos();
        while (true) {
            try (var watch = statuses.watch(executionId)) {
                var ended = lastStatus(at, executionId).filter(status -> status.getStopDate() != null);
                if (ended.isPresent()) {
                    return ended;
                }
                if (!watch.await(Duration.ofNanos(deadline - System.nanoTime()))) {
                    return status(at, executionId);
                }
            }
        }
    }

    /** The Map runs of an execution in a partition that this instance holds. */
    public List<MapRunRow> mapRuns(Located.Here at, String executionId) throws InterruptedException {
        awaitFresh(new TopicPartition(Topics.HISTORY, at.partition()));
        return MapRunView.of(store(ViewsTopology.MAP_RUNS, at), executionId);
    }

    /** A Map run, if its execution is in a partition that this instance holds. */
    public Optional<MapRunRow> mapRun(String mapRunId) throws InterruptedException {
        for (var partition : held(Topics.HISTORY)) {
            awaitFresh(partition);
            var found = MapRunView.find(
                    this.<byte[]>store(ViewsTopology.MAP_RUNS, new Located.Here(partition.partition())), mapRunId);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** A page of a list of executions, as far as they are in partitions that this instance holds. */
    public ListPage list(ListFilter filter, Position after, int limit) throws InterruptedException {
        var partitions = held(Topics.EXECUTIONS);
        for (var partition : partitions) {
            awaitFresh(partition);
        }
        var pages = partitions.stream()
                .map(partition -> new Located.Here(partition.partition()))
                .map(here -> ExecutionList.page(
                        this.<byte[]>store(ViewsTopology.LISTS, here),
                        executionId -> storedStatus(here, executionId),
                        filter,
                        after,
                        limit))
                .toList();
        return ListMerge.of(pages, limit);
    }

    /** The other instances that hold views, who must be asked for what this one has not. */
    public List<HostInfo> others() {
        if (!isReady()) {
            throw new ViewsUnavailable("The read side is " + streams.state() + "; try again");
        }
        return streams.metadataForAllStreamsClients().stream()
                .filter(client -> !client.stateStoreNames().isEmpty())
                .map(StreamsMetadata::hostInfo)
                .filter(host -> !host.equals(self))
                .toList();
    }

    private List<TopicPartition> held(String topic) {
        return streams.metadataForLocalThreads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .flatMap(task -> task.topicPartitions().stream())
                .filter(partition -> partition.topic().equals(topic))
                .distinct()
                .toList();
    }

    private Optional<ExecutionStatus> lastStatus(Located.Here at, String executionId) throws InterruptedException {
        var status = storedStatus(at, executionId);
        if (status.flatMap(SealedRecords::keyId).isPresent()) {
            awaitKeys(at);
            return status.map(stored -> sealed.opened(executionId, stored, store(ViewsTopology.KEYS, at)));
        }
        return status;
    }

    /** As it is in the topic: a list does not tell by what it finds what is sealed. */
    private Optional<ExecutionStatus> storedStatus(Located.Here at, String executionId) {
        var bytes = this.<String>store(ViewsTopology.EXECUTIONS, at).get(executionId);
        if (bytes == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(codec.decode(bytes, ExecutionStatus.class));
        } catch (Undecodable e) {
            throw new IllegalStateException(
                    "The status of execution " + executionId + " in " + Topics.EXECUTIONS + " cannot be decoded: "
                            + e.getMessage(),
                    e);
        }
    }

    /**
     * History events of an execution in a partition that this instance holds.
     *
     * @param after the last event of the page before, or 0 for the first page
     * @return empty if the execution is not known
     */
    public Optional<HistoryPage> history(Located.Here at, String executionId, long after, int limit, Order order)
            throws InterruptedException {
        awaitFresh(new TopicPartition(Topics.HISTORY, at.partition()));
        return new HistoryPages(store(ViewsTopology.HISTORY, at), offsets -> steps(at, executionId, offsets))
                .page(executionId, after, limit, order);
    }

    /** Steps of an execution, opened if they are sealed. */
    private Map<Long, StoredStep> steps(Located.Here at, String executionId, Collection<Long> offsets)
            throws InterruptedException {
        var stored = reader.read(at.partition(), offsets);
        if (stored.values().stream()
                .allMatch(step -> SealedRecords.keyId(step.record()).isEmpty())) {
            return stored;
        }
        awaitKeys(at);
        var keys = this.<String>store(ViewsTopology.KEYS, at);
        var opened = new HashMap<Long, StoredStep>();
        stored.forEach((offset, step) ->
                opened.put(offset, new StoredStep(sealed.opened(executionId, step.record(), keys), step.bytes())));
        return opened;
    }

    /** A task of an execution in a partition that this instance holds. */
    public Optional<TaskReport> task(Located.Here at, String executionId, long ticket) throws InterruptedException {
        awaitFresh(new TopicPartition(Topics.HISTORY, at.partition()));
        var bytes = this.<byte[]>store(ViewsTopology.TASKS, at).get(ViewKeys.key(executionId, ticket));
        if (bytes == null) {
            return Optional.empty();
        }
        var task = ViewRows.task(bytes);
        return Optional.of(TaskReport.of(ticket, task, steps(at, executionId, TaskReport.offsets(task))));
    }

    /** As {@link #history}, oldest first; if there is nothing, waits for something so long. */
    public Optional<HistoryPage> historyWithin(
            Located.Here at, String executionId, long after, int limit, Duration atMost) throws InterruptedException {
        var deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            try (var watch = histories.watch(executionId)) {
                var page = history(at, executionId, after, limit, Order.OLDEST_FIRST);
                if (page.isEmpty()
                        || !page.get().events().isEmpty()
                        || !watch.await(Duration.ofNanos(deadline - System.nanoTime()))) {
                    return page;
                }
            }
        }
    }

    /** The tasks of an execution in a partition that this instance holds, by ticket, beyond one. */
    public List<TicketedTask> tasks(Located.Here at, String executionId, long after, int limit)
            throws InterruptedException {
        awaitFresh(new TopicPartition(Topics.HISTORY, at.partition()));
        var found = new ArrayList<TicketedTask>();
        try (var rows = this.<byte[]>store(ViewsTopology.TASKS, at)
                .range(ViewKeys.key(executionId, after + 1), ViewKeys.last(executionId))) {
            while (rows.hasNext() && found.size() < limit) {
                var row = rows.next();
                found.add(new TicketedTask(ViewKeys.number(row.key), ViewRows.task(row.value)));
            }
        }
        return found;
    }

    /** The record of the step by which an execution in a partition that this instance holds was started. */
    public Optional<HistoryRecord> start(Located.Here at, String executionId) throws InterruptedException {
        var page = history(at, executionId, 0, 1, Order.OLDEST_FIRST);
        return page.flatMap(found -> found.events().stream().findFirst()).map(HistoryPage.StoredEvent::step);
    }

    /** The first tasks that wait for a decision, beyond a place, as far as they are in partitions that this instance holds. */
    public List<ApprovalView.Entry> approvals(String after, int limit) throws InterruptedException {
        var entries = new ArrayList<ApprovalView.Entry>();
        for (var partition : held(Topics.HISTORY)) {
            awaitFresh(partition);
            entries.addAll(ApprovalView.page(
                    this.<byte[]>store(ViewsTopology.APPROVALS, new Located.Here(partition.partition())),
                    after,
                    limit));
        }
        return entries.stream()
                .sorted(Comparator.comparing(ApprovalView.Entry::place))
                .limit(limit)
                .toList();
    }

    private <K> ReadOnlyKeyValueStore<K, byte[]> store(String name, Located.Here at) {
        try {
            return streams.store(
                    StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<K, byte[]>keyValueStore())
                            .withPartition(at.partition()));
        } catch (InvalidStateStoreException e) {
            throw new ViewsUnavailable("Partition " + at.partition() + " is just being moved or rebuilt; try again");
        }
    }

    /**
     * Waits for what was in the log before this call. The end meant is the high watermark, not the last stable offset: Kafka
     * acknowledges a commit before it has written the markers that make its records readable (KIP-98), so what a caller has
     * been told of may still lie behind the last stable offset.
     */
    private void awaitFresh(TopicPartition partition) throws InterruptedException {
        if (!isFresh(partition)) {
            LOG.debug("{} is not at its end yet: the answer may be older than its question", partition);
        }
    }

    /** As {@link #awaitFresh}; a key that has not come yet must not be taken for one that was destroyed. */
    private void awaitKeys(Located.Here at) throws InterruptedException {
        var partition = new TopicPartition(Topics.KEYS, at.partition());
        if (!isFresh(partition)) {
            throw new ViewsUnavailable("The keys in " + partition + " are not read to their end yet; try again");
        }
    }

    private boolean isFresh(TopicPartition partition) throws InterruptedException {
        long end;
        try {
            end = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get(FRESH_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                    .offset();
        } catch (ExecutionException | TimeoutException e) {
            throw new ViewsUnavailable("Kafka does not tell the end of " + partition + ": " + e);
        }
        return progress.await(partition, end, FRESH_WITHIN);
    }

    /** Deletes this instance's stores of a generation that is over; to be called when it is closed. */
    void forget() {
        streams.cleanUp();
    }

    private static StreamThreadExceptionResponse newThread(Throwable failure) {
        LOG.error("The read side stumbled and starts again from where it was: {}", failure.toString(), failure);
        // What made it stumble, such as a registry out of reach, is not over at once.
        LockSupport.parkNanos(BEFORE_NEW_THREAD.toNanos());
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    @Override
    public void close() {
        Utils.closeQuietly(streamsMeters, "the views' meters");
        streams.close(CloseOptions.timeout(CLOSE_WITHIN)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        reader.close();
        admin.close(CLOSE_WITHIN);
    }
}
