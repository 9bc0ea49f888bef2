package io.stepstream.chaos.world;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.chaos.world.Letters.Letter;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.Undecodable;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.Verdict;
import io.stepstream.schemas.registry.RegistryUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Clients, and whoever answers by token: they do what the seed says, over Kafka, and wait for each other as little as people do. */
public final class Crowd implements AutoCloseable {
    /** Tasks that are out at once: at 20 executions a second some 70 are, and more while workers keep silent or engines are away. */
    private static final int MOST_WORK = 100;
    /** Executions that run at once of a limited state machine: on average four do, and what has queued up meanwhile is to be worked off. */
    private static final int MOST_EXECUTIONS = 12;

    /**
     * So much of what is started may be open at once: several times what an execution takes. What does not keep up is given no more to do
     * until it has caught up, and nothing is made up for.
     */
    private static final Duration OPEN = Duration.ofSeconds(20);
    /** Open at once at the least, so that there is something to do in every partition. */
    private static final int FEWEST_OPEN = 20;

    private static final Duration POLL = Duration.ofMillis(200);
    /** Milliseconds that anything may take to be sent: longer than any fault lasts. */
    private static final String SENT_WITHIN = "300000";

    private static final long DEPLOYED_WITHIN_SECONDS = 60;
    private static final Duration RESUMED_WITHIN = Duration.ofMinutes(2);

    private final Dice dice;
    private final Letters letters;
    private final RecordCodec codec;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final int partitions;
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(
            1, Thread.ofPlatform().daemon().name("crowd").factory());
    private final Map<Template, String> revisions = new EnumMap<>(Template.class);
    private final Pending pending = new Pending();
    private final AtomicLong commands = new AtomicLong();
    /** By the class of the error, which may say something else of each record. */
    private final Map<String, Unsent> unsent = new ConcurrentSkipListMap<>();

    private final Recovery recovery;
    private final Thread reader;
    /** Whether all is to come to its end: nobody has anything go on again. */
    private volatile boolean resting;

    /** Connects, with the topics of all tasks there. */
    public Crowd(Dice dice, String bootstrapServers, RecordCodec codec) {
        this.dice = dice;
        this.codec = codec;
        this.letters = new Letters(codec);
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "acks",
                        "all",
                        "delivery.timeout.ms",
                        SENT_WITHIN,
                        // A client that has lost every broker forgets what it knew of topics, and asks again before it
                        // sends anything.
                        "max.block.ms",
                        SENT_WITHIN),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        var topics = List.of(Topics.taskRequests(Template.ASK_BY_TOKEN), Topics.EXECUTIONS, Topics.VERDICTS);
        consumer.assign(topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList());
        partitions = consumer.partitionsFor(Topics.EXECUTIONS).size();
        recovery = new Recovery(partitions);
        reader = Thread.ofPlatform().name("reader").daemon().start(this::read);
    }

    /** Deploys every state machine, and limits some. */
    public void deploy() throws Exception {
        for (var template : Template.values()) {
            revisions.put(
                    template, String.valueOf(deploy(letters.create(template)).getRevision()));
        }
        deploy(letters.limitWork(MOST_WORK));
        for (var template : Template.LIMITED) {
            deploy(letters.limit(template, MOST_EXECUTIONS));
        }
    }

    private Verdict deploy(Letter letter) throws Exception {
        var verdict = send(letter).get(DEPLOYED_WITHIN_SECONDS, TimeUnit.SECONDS);
        if (verdict.getRefusal() != null) {
            throw new IllegalStateException(letter.key() + " is refused: " + verdict.getMessage());
        }
        return verdict;
    }

    /** Starts executions, at this rate at the most and no more than can be kept up with, and pauses state machines, for this long. */
    public void start(double perSecond, Duration during) throws InterruptedException {
        var intermissions = new AtomicInteger();
        var every = Intermission.EVERY.toMillis();
        var pausing = clock.scheduleAtFixedRate(
                () -> begin(Intermission.of(dice, intermissions.getAndIncrement())),
                every,
                every,
                TimeUnit.MILLISECONDS);
        var most = Math.max(FEWEST_OPEN, (int) (perSecond * OPEN.toSeconds()));
        var interval = (long) (1e9 / perSecond);
        var next = System.nanoTime();
        var until = next + during.toNanos();
        for (var number = 0; System.nanoTime() < until && pending.awaitRoom(most, until); number++) {
            start(Errand.of(dice, number));
            next = Math.max(next + interval, System.nanoTime());
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
        }
        pausing.cancel(false);
    }

    private void begin(Intermission intermission) {
        var arn = intermission.template().arn();
        pending.begun(arn);
        send(letters.pause(intermission));
        after(
                intermission.during(),
                () -> send(letters.resume(intermission)).whenComplete((_, _) -> pending.ended(arn)));
    }

    private void start(Errand errand) {
        var revision = revisions.get(errand.template());
        if (revision == null) {
            throw new IllegalStateException(errand.template() + " has not been deployed");
        }
        var letter = letters.start(errand, revision);
        pending.begun(letter.key());
        send(letter).whenComplete((_, unsent) -> {
            if (unsent != null) {
                pending.ended(letter.key());
            }
        });
        if (errand.repeated()) {
            send(letters.start(errand, revision));
        }
        errand.stopped().ifPresent(after -> after(after, () -> send(letters.stop(errand))));
        errand.paused().ifPresent(pause -> {
            after(pause.after(), () -> send(letters.pause(errand)));
            after(pause.after().plus(pause.during()), () -> send(letters.resume(errand)));
        });
    }

    private void after(Duration delay, Runnable what) {
        clock.schedule(what, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Verdict> send(Letter letter) {
        return send(letter, null);
    }

    private CompletableFuture<Verdict> send(Letter letter, @Nullable Integer partition) {
        commands.incrementAndGet();
        var verdict = pending.called(letter.call());
        var record =
                new ProducerRecord<>(letter.topic(), partition, letter.key().getBytes(UTF_8), letter.value());
        producer.send(record, (_, error) -> {
            if (error != null) {
                unsent.merge(error.getClass().getName(), Unsent.because(error), Unsent::and);
                pending.unsent(letter.call(), error);
            }
        });
        return verdict;
    }

    private void read() {
        try {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    takeOnceKnown(record);
                }
            }
        } catch (WakeupException e) {
            consumer.close();
        } catch (Undecodable | RuntimeException e) {
            pending.failed(e);
        }
    }

    /** The registry may be the one that is away. */
    private void takeOnceKnown(ConsumerRecord<byte[], byte[]> record) throws Undecodable {
        while (true) {
            try {
                take(record);
                return;
            } catch (RegistryUnavailable e) {
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) throws Undecodable {
        switch (record.topic()) {
            case Topics.EXECUTIONS -> {
                var status = codec.decode(record.value(), ExecutionStatus.class);
                recovery.seen(record.partition(), record.timestamp());
                var id = new String(record.key(), UTF_8);
                if (status.getStatus().equals("RUNNING")) {
                    pending.begun(id);
                } else {
                    ended(id, status);
                }
            }
            case Topics.VERDICTS -> {
                var verdict = codec.decode(record.value(), Verdict.class);
                pending.answered(verdict.getCorrelation(), verdict);
            }
            default -> serve(codec.decode(record.value(), TaskRequest.class));
        }
    }

    /** One that is to be redriven is open until it has ended again, or cannot be. */
    private void ended(String id, ExecutionStatus status) {
        var redrive = resting ? Optional.<Redrive>empty() : Redrive.of(dice, status);
        redrive.ifPresentOrElse(again -> after(again.after(), () -> redrive(id, again)), () -> pending.ended(id));
    }

    private void redrive(String id, Redrive redrive) {
        send(letters.redrive(redrive)).whenComplete((verdict, unsent) -> {
            if (unsent != null || verdict.getRefusal() != null) {
                pending.ended(id);
            }
        });
        if (redrive.repeated()) {
            send(letters.redrive(redrive));
        }
    }

    private void serve(TaskRequest request) {
        switch (Behaviour.of(dice, request.getName(), request.getIdempotencyKey())) {
            case Behaviour.Silence _ -> {}
            case Behaviour.Answer answer -> {
                for (var beat = 1; beat <= answer.heartbeats(); beat++) {
                    after(
                            answer.after().multipliedBy(beat).dividedBy(answer.heartbeats() + 1),
                            () -> send(letters.heartbeat(request)));
                }
                after(answer.after(), () -> answer(request, answer));
            }
        }
    }

    private void answer(TaskRequest request, Behaviour.Answer answer) {
        var astray = dice.about("astray " + request.getIdempotencyKey()).nextInt(100) == 0;
        var right = request.getResultPartition();
        send(letters.answer(request, answer), astray ? (right + 1) % partitions : right);
        if (answer.repeated()) {
            send(letters.answer(request, answer), right);
        }
    }

    /**
     * Waits until everything that was started has ended and every call has its verdict; what is still to be sent of answers is not.
     *
     * @param patience for how long nothing may come to its end: how much there is still to do, and how fast it is done, is not known here
     * @return how many executions and calls are open after this time
     */
    public int awaitRest(Duration patience) throws InterruptedException {
        resting = true;
        pending.awaitEnds(patience);
        clock.shutdownNow();
        clock.awaitTermination(DEPLOYED_WITHIN_SECONDS, TimeUnit.SECONDS);
        producer.flush();
        pending.awaitVerdicts(patience);
        return pending.count();
    }

    /** How many executions and pauses have ended. */
    public int ended() {
        return pending.ended();
    }

    /** Commands and answers sent. */
    public long commands() {
        return commands.get();
    }

    /** Those that could not be sent, within five minutes or at all, by kinds of reasons: nobody has promised anything about them. */
    public List<Unsent> unsent() {
        return List.copyOf(unsent.values());
    }

    /** An engine has just been killed, and nothing else is wrong. */
    public void killed() {
        recovery.killed(Instant.now());
    }

    /** Something else happens: how long anything takes is no more a matter of the kill. */
    public void disturbed() {
        recovery.disturbed();
    }

    /**
     * Waits until every partition works again after the kill of an engine, or something else happens.
     *
     * @return how long it took from the kill on; empty if something else has happened
     */
    public Optional<Duration> awaitResumed() throws InterruptedException {
        return recovery.await(RESUMED_WITHIN);
    }

    /** The longest that a partition did nothing after the kill of an engine; empty if none was killed. */
    public Optional<Duration> slowestRecovery() {
        return recovery.slowest();
    }

    @Override
    public void close() throws InterruptedException {
        clock.shutdownNow();
        consumer.wakeup();
        reader.join(5000);
        producer.close(Duration.ofSeconds(5));
    }
}
