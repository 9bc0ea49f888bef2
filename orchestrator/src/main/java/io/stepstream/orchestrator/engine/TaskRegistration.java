package io.stepstream.orchestrator.engine;

import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.Definition;
import io.stepstream.schemas.avro.TaskName;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Task names: a name is registered only once its topic is there, since the engine sends to nothing else. */
final class TaskRegistration {
    private final TaskTopics taskTopics;
    private final TaskNameSpreading spreading;
    private final Outbox outbox;

    TaskRegistration(TaskTopics taskTopics, TaskNameSpreading spreading, Outbox outbox) {
        this.taskTopics = taskTopics;
        this.spreading = spreading;
        this.outbox = outbox;
    }

    /** What to do with a command that uses task names. */
    enum Outcome {
        /** All can be used. */
        USABLE,
        /** Some topics are not known yet, or a name is not known everywhere: try again. */
        WAIT,
        /** The caller has been told what is wrong with them. */
        REFUSED
    }

    /** Whether these names can be registered now; whoever waits is told if they never can. */
    Outcome check(Collection<String> names, String subject, Caller caller, Attempt attempt, Instant now) {
        var illegal = names.stream().filter(name -> !Topics.isTaskName(name)).toList();
        if (!illegal.isEmpty()) {
            var reason =
                    "a task name is 1 to 80 visible characters, without white space, which these are not: " + illegal;
            outbox.refused(caller, subject, "INVALID_DEFINITION", reason, now);
            return Outcome.REFUSED;
        }
        var missing = names.stream().filter(name -> !taskTopics.exists(name)).toList();
        if (missing.isEmpty()) {
            return Outcome.USABLE;
        }
        if (!attempt.isLast(now)) {
            return Outcome.WAIT;
        }
        var reason = "there are no topics for these tasks after 10 s: " + missing + ". Create "
                + missing.stream().map(Topics::taskRequests).collect(Collectors.joining(", "))
                + ", then try again";
        outbox.refused(caller, subject, "TASK_TOPIC_MISSING", reason, now);
        return Outcome.REFUSED;
    }

    /**
     * The same of the one name that an activity's command registers. It is usable once every partition knows it, since whoever is answered then may
     * start executions that take the name from their input.
     */
    Outcome checkEverywhere(String name, String activityArn, Caller caller, Attempt attempt, Instant now) {
        var outcome = check(List.of(name), activityArn, caller, attempt, now);
        if (outcome != Outcome.USABLE) {
            return outcome;
        }
        var unaware = spreading.unaware(name, activityArn, attempt, now);
        if (unaware.isEmpty()) {
            return Outcome.USABLE;
        }
        if (!attempt.isLast(now)) {
            return Outcome.WAIT;
        }
        var reason = "partitions " + unaware + " have not heard of the task " + name
                + " within 10 s: no orchestrator works on them now. Try again";
        outbox.refused(caller, activityArn, "TASK_TOPIC_MISSING", reason, now);
        return Outcome.REFUSED;
    }

    /** Has everybody read of names, gateways too. */
    void announce(Collection<String> names, Instant now) {
        for (var name : names) {
            outbox.definition(Definitions.taskKey(name), new Definition(new TaskName(name)), now);
        }
    }
}
