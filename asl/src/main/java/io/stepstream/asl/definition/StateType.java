package io.stepstream.asl.definition;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The types of states, by their names in a definition. */
enum StateType {
    PASS("Pass"),
    TASK("Task"),
    CHOICE("Choice"),
    WAIT("Wait"),
    SUCCEED("Succeed"),
    FAIL("Fail"),
    PARALLEL("Parallel"),
    MAP("Map");

    /** All of them as AWS lists them. */
    static final List<String> NAMES = List.of("Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map");

    private final String fieldValue;

    StateType(String fieldValue) {
        this.fieldValue = fieldValue;
    }

    static Optional<StateType> named(String fieldValue) {
        return Arrays.stream(values())
                .filter(type -> type.fieldValue.equals(fieldValue))
                .findFirst();
    }

    @Override
    public String toString() {
        return fieldValue;
    }
}
