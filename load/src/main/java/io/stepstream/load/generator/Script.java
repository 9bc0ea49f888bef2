package io.stepstream.load.generator;

import io.stepstream.schemas.Arns;
import java.util.List;

/** The state machines of the workloads, and how their tasks are answered. */
enum Script {
    THREE_TASKS(Answers.AT_ONCE, task("one", "two"), task("two", "three"), last("three")),
    CALLBACK(Answers.LATER, lastCallback("one")),
    TWO_CALLBACKS(Answers.LATER, callback("one", "two"), lastCallback("two")),
    ONE_TASK(Answers.AT_ONCE, last("one")),
    PARKED(Answers.NEVER, lastCallback("one")),
    GATEWAY(Answers.WHEN_ALL_WAIT, lastCallback("one")),
    FAN_OUT(Answers.AT_ONCE, """
            "one": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 1000, "End": true,
              "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "item", "States": {"item": {"Type": "Task", "Resource": "arn:stepstream:kafka:::bench", "End": true}}},
              "ResultPath": null, "ResultSelector": {}}""");

    /** The one task name. */
    static final String TASK = "bench";

    private final Answers answers;
    private final List<String> states;

    /** When a task is answered. */
    enum Answers {
        AT_ONCE,
        LATER,
        NEVER,
        /** By those who collect the requests. */
        WHEN_ALL_WAIT
    }

    Script(Answers answers, String... states) {
        this.answers = answers;
        this.states = List.of(states);
    }

    Answers answers() {
        return answers;
    }

    /** Name of the state machine. */
    String machine() {
        return "bench-" + ordinal();
    }

    String arn() {
        return Arns.DEFAULT.stateMachine(machine());
    }

    String definition() {
        return "{\"StartAt\": \"one\", \"States\": {" + String.join(", ", states) + "}}";
    }

    private static String task(String name, String next) {
        return "\"" + name + "\": {\"Type\": \"Task\", \"Resource\": \"arn:stepstream:kafka:::bench\", \"Next\": \""
                + next + "\"}";
    }

    private static String last(String name) {
        return "\"" + name + "\": {\"Type\": \"Task\", \"Resource\": \"arn:stepstream:kafka:::bench\", \"End\": true}";
    }

    private static String callback(String name, String next) {
        return task(name, next).replace(":::bench", ":::bench.waitForTaskToken");
    }

    private static String lastCallback(String name) {
        return last(name).replace(":::bench", ":::bench.waitForTaskToken");
    }
}
