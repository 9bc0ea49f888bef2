package io.stepstream.load.generator;

import io.stepstream.load.Json;
import io.stepstream.load.generator.Executions.Start;
import io.stepstream.load.generator.Executions.Times;
import io.stepstream.load.generator.Parent.Checkpoint;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** The generator: puts the plan's load on its target, and says what it saw. */
public final class GeneratorProcess {
    private static final int MOST_PARKED_BEFORE = 1000;
    private static final int WARM_UP_IN_FLIGHT = 100;
    private static final int WARM_UP_SECONDS = 5;

    /** Starts over Kafka that are on their way at once. */
    private static final int START_IN_FLIGHT = 1000;

    private final Plan plan;
    private final Parent parent;
    private final Executions executions;
    private final Traffic traffic;
    private final Map<String, Double> more = new TreeMap<>();

    private GeneratorProcess(Plan plan, Parent parent, Executions executions, Traffic traffic) {
        this.plan = plan;
        this.parent = parent;
        this.executions = executions;
        this.traffic = traffic;
    }

    /** Takes one argument: the file of the plan. */
    public static void main(String[] args) {
        var status = 0;
        try {
            var plan = Json.read(Path.of(args[0]), Plan.class);
            var parent = new Parent(new PrintStream(System.out, true, StandardCharsets.UTF_8));
            var executions = new Executions(plan, parent);
            try (var traffic = new Traffic(plan, executions)) {
                parent.result(new GeneratorProcess(plan, parent, executions, traffic).run());
            }
        } catch (Exception e) {
            e.printStackTrace();
            status = 1;
        }
        System.exit(status);
    }

    private Seen run() throws Exception {
        if (plan.gateway().isEmpty()) {
            executions.answerBy(traffic::answer);
        } else {
            var gateway = new GatewayCalls(URI.create(plan.gateway()));
            executions.answerBy((id, request, partition) -> {
                try {
                    gateway.succeed(request);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return switch (plan.workload()) {
            case THREE_TASKS -> threeTasks();
            case CALLBACK -> callback();
            case GATEWAY -> gateway();
            case FAN_OUT -> plan.target() == Plan.Target.CEILING ? items() : fanOut();
            case PARKED -> parked();
        };
    }

    private Seen threeTasks() throws Exception {
        var start = start(Script.THREE_TASKS, "{\"id\":1}");
        phase("warm-up", plan.warmup());
        executions.closedLoop(start, plan.warmup(), plan.inFlight());
        return inTurns(
                plan.turns(),
                plan.executions(),
                "three tasks",
                count -> executions.closedLoop(start, count, plan.inFlight()),
                Times::whole);
    }

    private Seen callback() throws Exception {
        var start = start(Script.CALLBACK, "{\"id\":1}");
        warmUp(start);
        var count = plan.rate() * plan.seconds();
        var seen = measured(count, "callbacks", all -> executions.openLoop(start, all), Times::answerToEnd);
        if (plan.target() == Plan.Target.ENGINE) {
            var two = start(Script.TWO_CALLBACKS, "{\"id\":1}");
            executions.openLoop(two, plan.rate());
            phase("answer to next request", count);
            var times = executions.openLoop(two, count);
            more.put("nextRequestP50Ms", Seen.millis(times.answerToRequest(), 50));
            more.put("nextRequestP90Ms", Seen.millis(times.answerToRequest(), 90));
            more.put("nextRequestP99Ms", Seen.millis(times.answerToRequest(), 99));
        }
        return seen;
    }

    /** Answers as fast as they go, then at a rate, both while other calls wait. */
    private Seen gateway() throws Exception {
        var base = URI.create(plan.gateway());
        var start = start(Script.GATEWAY, "{\"id\":1}");
        phase("warm-up: tasks that wait", plan.warmup());
        var warm = executions.park(start, plan.warmup(), START_IN_FLIGHT);
        phase("warm-up: callbacks", plan.warmup());
        warm.by(plan.inFlight());
        phase("calls that wait", plan.waiting());
        try (var waiting = WaitingCalls.open(base, plan.waiting())) {
            parent.checkpoint(Checkpoint.GATEWAY_HEAP);
            phase("tasks that wait", plan.executions());
            var parked = executions.park(start, plan.executions(), START_IN_FLIGHT);
            var seen =
                    measured(plan.executions(), "callbacks", all -> parked.by(plan.inFlight()), Times::answerToVerdict);
            parent.checkpoint(Checkpoint.GATEWAY_HEAP);
            var count = plan.rate() * plan.seconds();
            phase("callbacks at a rate", count);
            var atRate = executions.openLoop(start(Script.CALLBACK, "{\"id\":1}"), count);
            more.put("waitingCalls", (double) waiting.open());
            more.put("atRateVerdictP50Ms", Seen.millis(atRate.answerToVerdict(), 50));
            more.put("atRateVerdictP99Ms", Seen.millis(atRate.answerToVerdict(), 99));
            more.put("atRateEndP50Ms", Seen.millis(atRate.answerToEnd(), 50));
            more.put("atRateEndP99Ms", Seen.millis(atRate.answerToEnd(), 99));
            return new Seen(
                    seen.executions(), seen.turns(), seen.p50Ms(), seen.p90Ms(), seen.p99Ms(), Map.copyOf(more));
        }
    }

    /** Tasks as fast as they go first: at the rate of an open loop, JVMs would take minutes to compile what they run. */
    private void warmUp(Start callback) throws Exception {
        phase("warm-up", plan.warmup());
        executions.closedLoop(start(Script.THREE_TASKS, "{\"id\":1}"), plan.warmup(), WARM_UP_IN_FLIGHT);
        phase("warm-up", plan.rate() * WARM_UP_SECONDS);
        executions.openLoop(callback, plan.rate() * WARM_UP_SECONDS);
    }

    /** A tenth of the items first: what an item costs must not depend on how many there are. */
    private Seen fanOut() throws Exception {
        var few = Math.max(1, plan.executions() / 10);
        phase("warm-up", plan.warmup());
        executions.closedLoop(start(Script.FAN_OUT, items(Math.max(1, plan.warmup()))), 1, 1);
        phase("a tenth of the items", few);
        var begin = System.nanoTime();
        executions.closedLoop(start(Script.FAN_OUT, items(few)), 1, 1);
        more.put("msPerItemOfATenth", (System.nanoTime() - begin) / 1e6 / few);
        var start = start(Script.FAN_OUT, items(plan.executions()));
        var seen = measured(plan.executions(), "items", all -> executions.closedLoop(start, 1, 1), Times::whole);
        more.put("msPerItem", seen.seconds() * 1000 / plan.executions());
        return seen;
    }

    private Seen items() throws Exception {
        var start = start(Script.ONE_TASK, "{\"id\":1}");
        phase("warm-up", plan.warmup());
        executions.closedLoop(start, plan.warmup(), plan.inFlight());
        return measured(
                plan.executions(), "items", all -> executions.closedLoop(start, all, plan.inFlight()), Times::whole);
    }

    /** Latency among few, then the parking, then latency among many. */
    private Seen parked() throws Exception {
        var callback = start(Script.CALLBACK, "{\"id\":1}");
        warmUp(callback);
        var count = plan.rate() * plan.seconds();
        phase("callbacks before", count);
        var before = executions.openLoop(callback, count);
        var park = start(Script.PARKED, "{\"id\":1}");
        executions.closedLoop(park, Math.min(plan.executions(), MOST_PARKED_BEFORE), plan.inFlight());
        parent.checkpoint(Checkpoint.HEAP);
        var seen = measured(
                plan.executions(), "parked", all -> executions.closedLoop(park, all, plan.inFlight()), Times::whole);
        parent.checkpoint(Checkpoint.HEAP);
        phase("callbacks after", count);
        executions.openLoop(callback, plan.rate());
        var after = executions.openLoop(callback, count);
        for (var percentile : new int[] {50, 90, 99}) {
            more.put("callbackP" + percentile + "MsBefore", Seen.millis(before.answerToEnd(), percentile));
            more.put("callbackP" + percentile + "MsAfter", Seen.millis(after.answerToEnd(), percentile));
        }
        return seen;
    }

    private interface Loop {
        Times run(int count) throws Exception;
    }

    private interface Latency {
        Histogram of(Times times);
    }

    private Seen measured(int count, String name, Loop loop, Latency latency) throws Exception {
        return inTurns(1, count, name, loop, latency);
    }

    /** Before each turn the parent is waited for, which has others do their turns then. */
    private Seen inTurns(int turns, int count, String name, Loop loop, Latency latency) throws Exception {
        var seconds = new ArrayList<Double>();
        var all = new Times();
        for (var turn = 0; turn < turns; turn++) {
            var part = count * (turn + 1) / turns - count * turn / turns;
            parent.checkpoint(Checkpoint.BEGIN);
            phase(name, part);
            var begin = System.nanoTime();
            var times = loop.run(part);
            seconds.add((System.nanoTime() - begin) / 1e9);
            parent.checkpoint(Checkpoint.END);
            all.add(times);
        }
        if (all.answerToVerdict().getTotalCount() > 0) {
            more.put("verdictP50Ms", Seen.millis(all.answerToVerdict(), 50));
            more.put("verdictP99Ms", Seen.millis(all.answerToVerdict(), 99));
        }
        return Seen.of(count, seconds, latency.of(all), Collections.unmodifiableMap(more));
    }

    private void phase(String name, int count) {
        parent.phase(name, count);
    }

    private Start start(Script script, String input) throws Exception {
        var revision = traffic.deploy(script);
        return new Start(script, name -> traffic.start(script, revision, name, input));
    }

    private static String items(int count) {
        return IntStream.range(0, count)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(",", "{\"items\":[", "]}"));
    }
}
