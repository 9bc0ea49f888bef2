package io.stepstream.chaos;

import io.stepstream.chaos.check.Checker;
import io.stepstream.chaos.check.ClusterRecording;
import io.stepstream.chaos.check.Recording;
import io.stepstream.chaos.check.Rest;
import io.stepstream.chaos.fault.Faults;
import io.stepstream.chaos.fault.Installation;
import io.stepstream.chaos.fault.Layout;
import io.stepstream.chaos.world.Crowd;
import io.stepstream.chaos.world.Dice;
import io.stepstream.chaos.world.Template;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.registry.HttpSchemaRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/** A run: executions and faults for a while, then rest, then the check. */
public final class Chaos {
    /** Within this something comes to its end if anything ever will: a task's timeout, its retry, and a dead worker's lock. */
    private static final Duration REST = Duration.ofSeconds(90);

    /** Within this the engine has read what is there, and brokers have ended transactions that nobody goes on with. */
    private static final Duration STILL = Duration.ofSeconds(60);

    private Chaos() {}

    /**
     * Runs chaos.
     *
     * @param log what happens, line by line
     */
    public static ChaosReport run(ChaosSettings settings, Consumer<String> log) throws Exception {
        log.accept("seed " + settings.seed());
        try (var installation = Installation.start(settings.layout())) {
            createTasks(installation, settings.layout());
            installation.startWorkers(settings.seed());
            var codec = new RecordCodec(new HttpSchemaRegistry(installation.registry()));
            try (var crowd = new Crowd(new Dice(settings.seed()), installation.bootstrapServers(), codec)) {
                crowd.deploy();
                return run(settings, installation, crowd, log);
            }
        }
    }

    private static ChaosReport run(ChaosSettings settings, Installation installation, Crowd crowd, Consumer<String> log)
            throws Exception {
        var faults = new Faults(installation, settings.faults(), new Dice(settings.seed()), watch(crowd), log);
        var starting = new FutureTask<>(() -> {
            crowd.start(settings.rate(), settings.duration());
            return null;
        });
        Thread.ofPlatform().name("clients").daemon().start(starting);
        var done = faults.run(settings.duration());
        finish(starting);
        log.accept("coming to rest: " + crowd.commands() + " commands sent, " + crowd.ended() + " executions ended");
        var open = crowd.awaitRest(REST);
        log.accept(open == 0 ? "all has ended" : open + " executions and calls are open");
        var recording =
                new ClusterRecording(installation.bootstrapServers(), new HttpSchemaRegistry(installation.registry()));
        rest(installation, open, recording, log);
        var checked = Checker.check(recording, TokenKeys.loadOrCreate(installation.tokenKeys()));
        return new ChaosReport(settings, crowd.commands(), crowd.unsent(), done, crowd.slowestRecovery(), checked);
    }

    /** Has the log stand still, so that it can be judged: by itself, or because nobody is left who works. */
    private static void rest(Installation installation, int open, Recording recording, Consumer<String> log)
            throws InterruptedException {
        if (open == 0) {
            // What a worker has that was killed before may be delivered again, and be answered late.
            installation.stopWorkers();
        }
        if (Rest.await(recording, STILL)) {
            log.accept("nothing is written any more");
            return;
        }
        log.accept("something is written still: engines and workers are stopped");
        installation.stopWorkers();
        installation.stopEngines();
        log.accept(
                Rest.awaitStandstill(recording, STILL) ? "the log stands still" : "transactions stay open in the log");
    }

    private static Faults.KillWatch watch(Crowd crowd) {
        return new Faults.KillWatch() {
            @Override
            public void killed() {
                crowd.killed();
            }

            @Override
            public void disturbed() {
                crowd.disturbed();
            }

            @Override
            public void awaitResumed() throws InterruptedException {
                crowd.awaitResumed();
            }
        };
    }

    private static void finish(FutureTask<?> task) throws Exception {
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("no more executions could be started: " + e.getCause(), e.getCause());
        }
    }

    /** Makes the topics of the tasks that workers and callers do. */
    static void createTasks(Installation installation, Layout layout) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", installation.bootstrapServers()))) {
            for (var task : Template.TASKS) {
                Topics.createTask(admin, task, layout.partitions(), installation.replication());
            }
        }
    }
}
