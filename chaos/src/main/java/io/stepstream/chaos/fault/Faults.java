package io.stepstream.chaos.fault;

import io.stepstream.chaos.world.Dice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Does faults to an installation, one after the other or a second before the first is over, as the seed says. */
public final class Faults {
    private static final Duration SESSION = Duration.ofSeconds(6);
    private static final Duration WORK_AFTER_KILL = Duration.ofSeconds(20);

    private final Installation installation;
    private final FaultPlan plan;
    private final RandomGenerator random;
    private final Consumer<String> log;
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> open = new ArrayList<>();
    private final List<Fault> toCome = new ArrayList<>();
    /** With several engines, one is always left alone. */
    private final Semaphore engines;

    private final Semaphore brokers = new Semaphore(1);
    private final KillWatch kills;
    private final AtomicInteger ongoing = new AtomicInteger();
    private volatile long until;

    /** Looks at how long it takes after the kill of an engine until there is work again. */
    public interface KillWatch {
        /** An engine has just been killed, and nothing else is wrong. */
        void killed();

        /** Another fault begins. */
        void disturbed();

        /** Waits until there is work again, or another fault begins. */
        void awaitResumed() throws InterruptedException;
    }

    public Faults(Installation installation, FaultPlan plan, Dice dice, KillWatch kills, Consumer<String> log) {
        this.installation = installation;
        this.plan = plan;
        this.random = dice.about("faults");
        this.engines = new Semaphore(Math.max(1, installation.engines.size() - 1));
        this.kills = kills;
        this.log = log;
    }

    /** Does faults for this long, but all that come first, and then has all of them be over. */
    public Map<Fault, Integer> run(Duration during) throws InterruptedException {
        until = System.nanoTime() + during.toNanos();
        var first = new ArrayList<>(plan.first());
        var kinds = Arrays.stream(Fault.values()).filter(plan.kinds()::contains).toList();
        while (true) {
            Thread.sleep(random.nextLong(1 + plan.pause().toMillis()));
            if (first.isEmpty() && System.nanoTime() > until || !failures.isEmpty()) {
                break;
            }
            var fault = first.isEmpty() ? next(kinds) : first.removeFirst();
            begin(fault, random.nextInt(1 << 20), Duration.ofMillis(random.nextInt(3000)));
            var isAlone = random.nextInt(3) > 0 || !first.isEmpty();
            if (isAlone) {
                awaitAll();
            }
        }
        awaitAll();
        var failure = failures.peek();
        if (failure != null) {
            throw new IllegalStateException("the installation does not recover: " + failure.getMessage(), failure);
        }
        return Map.copyOf(done);
    }

    /** At random, but none again before each of the others has been: a run of minutes leaves none out. */
    private Fault next(List<Fault> kinds) {
        if (toCome.isEmpty()) {
            toCome.addAll(kinds);
            Collections.shuffle(toCome, random);
        }
        return toCome.removeFirst();
    }

    private void begin(Fault fault, int which, Duration how) {
        done.merge(fault, 1, Integer::sum);
        kills.disturbed();
        ongoing.incrementAndGet();
        open.add(Thread.ofVirtual().start(() -> {
            try {
                happen(fault, which, how);
            } catch (Exception e) {
                failures.add(e);
            } finally {
                ongoing.decrementAndGet();
            }
        }));
    }

    private void awaitAll() throws InterruptedException {
        for (var thread : open) {
            thread.join();
        }
        open.clear();
    }

    private void happen(Fault fault, int which, Duration how) throws Exception {
        switch (fault) {
            case ENGINE_KILLED, ENGINE_PAUSED, ENGINE_REMOVED, DISK_EMPTIED -> {
                engines.acquire();
                try {
                    toEngine(fault, which % installation.engines.size(), how);
                } finally {
                    engines.release();
                }
            }
            case BROKER_KILLED, BROKER_PAUSED -> {
                brokers.acquire();
                try {
                    toBroker(fault, installation.brokers.get(which % installation.brokers.size()), how);
                } finally {
                    brokers.release();
                }
            }
            case WORKER_KILLED ->
                downAndUp(fault, installation.workers.get(which % installation.workers.size()), how, Optional.empty());
            case REGISTRY_AWAY ->
                downAndUp(fault, installation.registries.getFirst(), how.multipliedBy(2), Optional.empty());
        }
    }

    private void toEngine(Fault fault, int number, Duration how) throws Exception {
        var engine = installation.engines.get(number);
        switch (fault) {
            case ENGINE_KILLED -> {
                // Where others can take over, it stays away until they have.
                var hasOthers = installation.engines.size() > 1;
                downAndUp(fault, engine, how, Optional.of(hasOthers ? this::killedForGood : this::killed));
                kills.awaitResumed();
            }
            case DISK_EMPTIED -> downAndUp(fault, engine, how, Optional.of(() -> installation.emptyDisk(number)));
            case ENGINE_PAUSED -> pause(fault, engine, SESSION.plusSeconds(2).plus(how));
            case ENGINE_REMOVED -> {
                engine.lock.lockInterruptibly();
                try {
                    log.accept(fault.text());
                    engine.process().close();
                    Thread.sleep(how);
                    engine.startAgain();
                } finally {
                    engine.lock.unlock();
                }
            }
            case BROKER_KILLED, BROKER_PAUSED, WORKER_KILLED, REGISTRY_AWAY ->
                throw new IllegalStateException("not done to an engine: " + fault);
        }
    }

    /** Towards the end there may be nothing to do for a partition. */
    private void killed() {
        if (ongoing.get() == 1 && System.nanoTime() < until - WORK_AFTER_KILL.toNanos()) {
            kills.killed();
        }
    }

    private void killedForGood() throws InterruptedException {
        killed();
        kills.awaitResumed();
    }

    private void toBroker(Fault fault, Member broker, Duration how) throws Exception {
        if (fault == Fault.BROKER_KILLED) {
            downAndUp(fault, broker, how, Optional.empty());
        } else {
            pause(fault, broker, how.plusSeconds(1));
        }
    }

    /** Something that is done while a process is down. */
    private interface Work {
        void run() throws Exception;
    }

    private void downAndUp(Fault fault, Member member, Duration how, Optional<Work> meanwhile) throws Exception {
        member.lock.lockInterruptibly();
        try {
            log.accept(fault.text());
            member.process().kill();
            if (meanwhile.isPresent()) {
                meanwhile.get().run();
            }
            Thread.sleep(how);
            member.startAgain();
        } finally {
            member.lock.unlock();
        }
    }

    private void pause(Fault fault, Member member, Duration how) throws InterruptedException {
        member.lock.lockInterruptibly();
        try {
            log.accept(fault.text());
            member.process().pause();
            Thread.sleep(how);
            member.process().resume();
            if (!member.process().isAlive()) {
                member.startAgain();
            }
        } finally {
            member.lock.unlock();
        }
    }
}
