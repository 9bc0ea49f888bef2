package io.stepstream.asl.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import java.util.Set;

/** What a test must be like to be made; in AWS's words where they are known. */
final class StateTestRules {
    private static final Set<String> NEVER_MOCKED = Set.of("Succeed", "Fail");
    private static final Set<String> ALWAYS_MOCKED = Set.of("Map", "Parallel");

    private StateTestRules() {}

    static void check(StateTestRequest request, TestSubject subject) {
        if (StateMachine.parse(subject.wrapped().toString()) instanceof Parsed.Invalid(var findings)) {
            var invalid = TestSubject.invalid(findings);
            throw new TestRefused(invalid.error(), invalid.message());
        }
        if (request.mockText().isPresent() && request.mockError().isPresent()) {
            throw TestRefused.validation(
                    "A test mock should have only one of the following fields: [result, errorOutput].");
        }
        var type = subject.type();
        if (request.isMocked() && NEVER_MOCKED.contains(type)) {
            throw TestRefused.validation("State type '" + type + "' is not supported when a mock is specified");
        }
        if (!request.isMocked() && ALWAYS_MOCKED.contains(type)) {
            throw new TestRefused(
                    TestRefused.INVALID_DEFINITION,
                    "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]");
        }
        if (!request.isMocked() && type.equals("Task")) {
            unmockedTask(request);
        }
        if (request.mockText().isPresent()) {
            var result = request.mockResult()
                    .orElseThrow(() -> TestRefused.validation("Mocked result must be valid JSON"));
            checkResult(request, subject, result);
        }
    }

    private static void unmockedTask(StateTestRequest request) {
        if (request.roleArn().isEmpty()) {
            throw TestRefused.validation("RoleArn must be specified when testing a Task state");
        }
        throw TestRefused.validation(
                "Testing a Task state without a mock is not supported here: give mock.result or mock.errorOutput");
    }

    private static void checkResult(StateTestRequest request, TestSubject subject, JsonNode result) {
        switch (subject.type()) {
            case "Parallel" -> {
                requireArray(result);
                if (result.size() != subject.state().path("Branches").size()) {
                    throw TestRefused.validation(
                            "Mocked result must contain the same number of items as number of Parallel branches.");
                }
            }
            case "Map" -> {
                if (subject.state().path("ResultWriter").has("Resource")) {
                    if (!result.isObject()) {
                        throw TestRefused.validation("Mocked result must be a JSON object.");
                    }
                } else {
                    requireArray(result);
                }
            }
            case "Task" ->
                ResultShapes.check(
                        subject.state().path("Resource").asText(), result, request.fieldValidation());
            default -> {}
        }
    }

    private static void requireArray(JsonNode result) {
        if (!result.isArray()) {
            throw TestRefused.validation("Mocked result must be an array.");
        }
    }
}
