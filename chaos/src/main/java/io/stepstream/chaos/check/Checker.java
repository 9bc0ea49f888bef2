package io.stepstream.chaos.check;

import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.replay.Interpreters;
import io.stepstream.audit.verify.Scope;
import io.stepstream.audit.verify.Verifier;
import io.stepstream.chaos.check.Asked.Wait;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.ChildRefused;
import io.stepstream.schemas.avro.ChildReported;
import io.stepstream.schemas.avro.ContinueExecution;
import io.stepstream.schemas.avro.DeadLetter;
import io.stepstream.schemas.avro.ExecutionStatus;
import io.stepstream.schemas.avro.Internal;
import io.stepstream.schemas.avro.TaskFailedBy;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.Verdict;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Whether an installation that has come to rest has kept its promises: a function of the records of its topics. Of one that has not, it
 * says so, and calls nothing lost that may be on its way. What it holds in memory grows with the number of executions, some 10 KiB for
 * each.
 */
public final class Checker {
    /** The error of a task whose request was delivered as often as its share group allows, and finished by no worker. */
    private static final String UNDELIVERABLE = "Stepstream.Undeliverable";

    private final Recording recording;
    private final RecordCodec codec;
    private final Asked asked;
    private final Steps steps;
    private final Turns turns;
    private final Pauses pauses;
    private final Moment before;
    private final Findings findings = new Findings();
    /** Requests that workers gave up. */
    private final Set<Place> undelivered = new HashSet<>();
    /** Where requests of tasks are. */
    private final Map<Wait, Place> requests = new HashMap<>();

    private Checker(Recording recording, TokenKeys tokens) {
        this.recording = recording;
        before = recording.moment();
        codec = recording.log().codec();
        asked = Asked.read(recording, codec, tokens);
        pauses = Pauses.read(recording, codec, findings::broken);
        steps = Steps.read(recording, asked, pauses, codec, findings::broken);
        turns = Turns.read(recording, codec, findings::broken);
    }

    /**
     * What was checked, and what is wrong.
     *
     * @param redriven executions that were redriven, once or more often
     * @param paused executions that were paused themselves
     * @param undelivered requests that workers gave up, having had them as often as their share group allows
     * @param unrest why the log is not at rest; empty if it is
     * @param violations what is wrong; of a log that is not at rest only what is wrong whatever comes, and nothing of one that moved while
     *     it was read
     */
    public record Result(
            int calls,
            int executions,
            int redriven,
            int paused,
            int tasks,
            int undelivered,
            Optional<Unrest> unrest,
            List<Violation> violations) {}

    /**
     * Checks everything.
     *
     * @param tokens the keys of task tokens, to know whose answer an answer is
     */
    public static Result check(Recording recording, TokenKeys tokens) {
        return new Checker(recording, tokens).check();
    }

    private Result check() {
        history();
        givenUp();
        sent();
        pauses.check(findings::unfinished);
        callbacks();
        verdicts();
        statuses();
        var waits = new Waits(asked, steps, turns);
        waits.check(findings::unfinished);
        var unrest = waits.unrest(before, recording.moment());
        return new Result(
                asked.calls().size(),
                steps.executions().size(),
                count(execution -> execution.redriven),
                count(execution -> execution.wasPaused),
                (int) steps.tasks().values().stream()
                        .filter(task -> task.requested)
                        .count(),
                undelivered.size(),
                unrest,
                findings.violations(unrest));
    }

    private int count(Predicate<Steps.Execution> which) {
        return (int) steps.executions().values().stream().filter(which).count();
    }

    private void history() {
        var report = new Verifier(recording.log(), Scope.ALL, Interpreters.known()).run();
        report.differences()
                .forEach(difference -> violated(
                        Rule.HISTORY,
                        new Place(difference.topic(), difference.partition(), difference.offset()),
                        difference.execution(),
                        difference.kind() + " " + difference.path() + ": " + difference.what()));
        if (report.isClean() && !report.byChainOnly().isEmpty()) {
            violated(
                    Rule.HISTORY,
                    new Place(Topics.HISTORY, 0, 0),
                    "",
                    "steps were not run again: " + report.byChainOnly());
        }
    }

    /**
     * Nobody here writes what the engine cannot use. What a worker gives up is a request of a step, delivered as often as its share group
     * allows; that is an outcome of the task like any other, if it comes first.
     */
    private void givenUp() {
        recording.read(Topics.DEAD_LETTERS, record -> {
            var letter = Asked.decode(codec, record, DeadLetter.class);
            var place = new Place(letter.getTopic(), letter.getPartition(), letter.getOffset());
            if (letter.getBy().equals("engine")) {
                violated(
                        Rule.COMMAND,
                        place,
                        record.keyText(),
                        "it was given up: " + letter.getError() + ", " + letter.getReason());
            } else if (letter.getError().equals(UNDELIVERABLE)) {
                undelivered.add(place);
            } else {
                violated(
                        Rule.EFFECT,
                        place,
                        record.keyText(),
                        "a worker could not use it: " + letter.getError() + ", " + letter.getReason());
            }
        });
    }

    /** What steps had to send is there, and nothing else. */
    private void sent() {
        for (var topic : recording.topics()) {
            if (topic.startsWith(Topics.TASK_REQUESTS_PREFIX)) {
                recording.read(topic, record -> {
                    var request = Asked.decode(codec, record, TaskRequest.class);
                    var id = request.getExecutionId();
                    var key = request.getIdempotencyKey();
                    var ticket = Long.parseLong(key.substring(key.lastIndexOf('-') + 1));
                    requests.put(new Wait(id, ticket), new Place(topic, record.partition(), record.offset()));
                    var identity = Steps.request(topic, id, ticket, request.getToken());
                    sent(record, topic, id, identity, () -> turns.lets(request, ticket, topic, record));
                });
            }
        }
        recording.read(Topics.INTERNAL, record -> {
            var internal = Asked.decode(codec, record, Internal.class);
            if (!isOfNoStep(internal)) {
                Asked.identity(record.keyText(), internal)
                        .ifPresent(identity -> sent(
                                record,
                                Topics.INTERNAL,
                                record.keyText(),
                                identity,
                                () -> internal.getBody() instanceof ContinueExecution goOn
                                        && turns.lets(goOn, record)));
            }
        });
        turns.check(findings::unfinished);
        steps.toBeSent()
                .forEach((identity, places) -> places.forEach(place -> violated(
                        Rule.EFFECT,
                        place,
                        identity.split(" ", 2)[0],
                        "what the step has to send is in no topic: " + hidden(identity))));
    }

    /** @param byLimit whether it is no step that sends it, but a limit that a step has asked */
    private void sent(LogRecord record, String topic, String id, String identity, BooleanSupplier byLimit) {
        var expected = Optional.ofNullable(steps.toBeSent().get(identity)).map(Deque::pollFirst);
        if (expected.isEmpty() && !byLimit.getAsBoolean() && !isLost(id)) {
            violated(
                    Rule.EFFECT,
                    new Place(topic, record.partition(), record.offset()),
                    id,
                    "no step sends this, or it is here twice: " + hidden(identity));
        }
    }

    /** Tokens are secrets. */
    private static String hidden(String identity) {
        return identity.startsWith(Topics.TASK_REQUESTS_PREFIX)
                ? identity.substring(0, identity.lastIndexOf(' ')) + " ***"
                : identity;
    }

    /** A child whose state machine is not there is refused before there is an execution that could have a history. */
    private static boolean isOfNoStep(Internal internal) {
        return internal.getBody() instanceof ChildReported report && report.getReport() instanceof ChildRefused;
    }

    private boolean isLost(String id) {
        return Optional.ofNullable(steps.executions().get(id))
                .map(execution -> execution.lost)
                .orElse(false);
    }

    /** The deadline rule, seen from each task. */
    private void callbacks() {
        var callbacks = new Callbacks(asked, findings::broken);
        steps.tasks()
                .forEach((wait, task) -> task.outcome.ifPresent(outcome -> {
                    if (task.requested) {
                        callbacks.check(wait, task, outcome);
                    }
                    if (outcome.command() instanceof TaskFailedBy failed
                            && UNDELIVERABLE.equals(failed.getError())
                            && Optional.ofNullable(requests.get(wait))
                                    .filter(undelivered::contains)
                                    .isEmpty()) {
                        unfinished(
                                Rule.CALLBACK,
                                outcome.place(),
                                wait.executionId(),
                                "ticket " + wait.ticket()
                                        + " failed as undeliverable, and no worker gave its request up");
                    }
                }));
        var strange = new HashSet<>(undelivered);
        requests.values().forEach(strange::remove);
        strange.forEach(place -> violated(Rule.EFFECT, place, "", "a worker gave up what no step has asked for"));
    }

    private record Given(Place place, Verdict verdict) {}

    /** Every call has its verdict, and what was accepted has had its step. */
    private void verdicts() {
        var given = new HashMap<String, Given>();
        recording.read(Topics.VERDICTS, record -> {
            var verdict = Asked.decode(codec, record, Verdict.class);
            var place = new Place(Topics.VERDICTS, record.partition(), record.offset());
            var call = verdict.getInstance() + ' ' + verdict.getCorrelation();
            var before = given.put(call, new Given(place, verdict));
            if (before != null) {
                violated(
                        Rule.VERDICT,
                        place,
                        verdict.getSubject(),
                        "call " + call + " had a verdict at " + before.place());
            }
            if (!asked.calls().containsKey(call)) {
                violated(Rule.VERDICT, place, verdict.getSubject(), "nobody made the call " + call);
            }
        });
        asked.calls().forEach((correlation, call) -> {
            var verdict = given.get(correlation);
            if (verdict == null) {
                unfinished(Rule.VERDICT, call.place(), call.executionId(), "no verdict on this " + call.kind());
            } else if (verdict.verdict().getRefusal() == null) {
                accepted(call, verdict.place());
            }
        });
    }

    private void accepted(Asked.Call call, Place verdict) {
        var execution = steps.executions().get(call.executionId());
        var hasEffect = switch (call.kind()) {
            case START -> execution != null;
            case STOP -> execution != null && execution.ended.isPresent();
            // A repeat gets the first one's verdict, and a step is only of the first.
            case COMPLETE, FAIL, REDRIVE, PAUSE, RESUME ->
                call.requestId().map(steps.answeredRequests()::contains).orElse(true);
            // A task that was taken before, or another heartbeat, makes no record.
            case TAKE, HEARTBEAT, RESOURCE -> true;
        };
        if (!hasEffect && !isLost(call.executionId())) {
            var violation = new Violation(
                    Rule.VERDICT,
                    call.place(),
                    call.executionId(),
                    "this " + call.kind() + " was accepted (" + verdict
                            + "), and there is nothing of it in the history");
            // A stop is accepted by its first step, and takes as many as there is to be stopped.
            if (call.kind() == Asked.Kind.STOP) {
                findings.unfinished(violation);
            } else {
                findings.broken(violation);
            }
        }
    }

    private record Status(Place place, long step, String status) {}

    private void statuses() {
        var last = new HashMap<String, Status>();
        recording.read(Topics.EXECUTIONS, record -> {
            var status = Asked.decode(codec, record, ExecutionStatus.class);
            last.put(
                    record.keyText(),
                    new Status(
                            new Place(Topics.EXECUTIONS, record.partition(), record.offset()),
                            status.getStep(),
                            status.getStatus()));
        });
        steps.executions().forEach((id, execution) -> {
            var status = last.remove(id);
            if (execution.lost) {
                return;
            }
            if (status == null) {
                violated(Rule.STATUS, execution.started, id, "no status, though it is " + execution.status);
            } else if (status.step() != execution.statusStep || !status.status().equals(execution.status)) {
                violated(
                        Rule.STATUS,
                        status.place(),
                        id,
                        "the last status is " + status.status() + " of step " + status.step() + ", and it is "
                                + execution.status + " since step " + execution.statusStep);
            }
        });
        last.forEach((id, status) -> violated(Rule.STATUS, status.place(), id, "a status, and no history"));
    }

    private void violated(Rule rule, Place place, String execution, String what) {
        findings.broken(new Violation(rule, place, execution, what));
    }

    /** Is wrong only if nothing more comes. */
    private void unfinished(Rule rule, Place place, String execution, String what) {
        findings.unfinished(new Violation(rule, place, execution, what));
    }
}
