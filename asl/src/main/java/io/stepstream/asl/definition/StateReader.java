package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.DataFlow;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Expression;
import io.stepstream.asl.data.JsonPathFlow;
import io.stepstream.asl.data.Uses;
import io.stepstream.asl.definition.StateLanguage.QueryLanguage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads one state. What is wrong is found; the state is then left out, or is not what was meant. */
final class StateReader {

    private final GraphReader graphs;
    private final Findings findings;
    private final WorkflowType workflow;

    StateReader(GraphReader graphs, Findings findings, WorkflowType workflow) {
        this.graphs = graphs;
        this.findings = findings;
        this.workflow = workflow;
    }

    Optional<State> read(String name, StateType type, QueryLanguage queryLanguage, ObjectNode json, String path) {
        var fields = new FieldReader(json, path, findings);
        var language = queryLanguage.of(type, fields);
        var flow = language.flow();
        return switch (type) {
            case PASS ->
                Optional.of(new State.Pass(
                        name, flow, flow.uses(), fields.value("Result").map(Document::of), transition(fields)));
            case TASK -> task(name, json, path, fields, language);
            case CHOICE -> Optional.of(choice(name, json, fields, language));
            case WAIT ->
                language.until()
                        .map(until ->
                                new State.Wait(name, flow, flow.uses().and(uses(until)), until, transition(fields)));
            case SUCCEED -> Optional.of(new State.Succeed(name, flow, flow.uses()));
            case FAIL -> Optional.of(fail(name, language));
            case PARALLEL -> Optional.of(parallel(name, json, path, fields, language));
        };
    }

    private static Transition transition(FieldReader fields) {
        return fields.text("Next").<Transition>map(Transition.Next::new).orElseGet(Transition.End::new);
    }

    private Optional<State> task(
            String name, ObjectNode json, String path, FieldReader fields, StateLanguage language) {
        var flow = language.flow();
        var resource = fields.text("Resource").flatMap(text -> resource(text, fields));
        var timeout = language.taskSeconds("TimeoutSeconds");
        var heartbeat = language.taskSeconds("HeartbeatSeconds");
        var credentials = language.credentials();
        var rules = new ErrorRulesReader(findings);
        var retriers = rules.retriers(json, path);
        var catchers = rules.catchers(json, path, language);
        checkTimes(fields, resource, timeout.isPresent() || heartbeat.isPresent());
        var uses = Stream.of(timeout, heartbeat, credentials)
                .flatMap(Optional::stream)
                .map(Expression::uses)
                .reduce(flow.uses().and(uses(catchers)), Uses::and);
        return resource.map(known -> new State.Task(
                name, flow, uses, known, timeout, heartbeat, credentials, retriers, catchers, transition(fields)));
    }

    private Optional<Resource> resource(String text, FieldReader fields) {
        var at = fields.at("Resource");
        var resource = ResourceReader.read(text);
        if (resource.isEmpty()) {
            findings.schema(
                    at,
                    "Value is not a valid resource ARN",
                    "Give the ARN of a function, an activity, a service integration, or arn:stepstream:kafka:::<topic>");
        }
        if (resource.filter(Resource.Unresolved.class::isInstance).isPresent()) {
            findings.warning(
                    Findings.UNRESOLVED_RESOURCE,
                    at,
                    "Nothing here carries out the resource '" + text + "': the state will fail when it runs",
                    "Give the ARN of a function, an activity or a service integration");
        }
        if (workflow == WorkflowType.EXPRESS) {
            resource.ifPresent(known -> checkExpress(known, at));
        }
        return resource;
    }

    private void checkExpress(Resource resource, String at) {
        var refused = Optional.<String>empty();
        if (resource instanceof Resource.Activity) {
            refused = Optional.of("activities");
        } else if (resource.awaitsCallback()) {
            refused = Optional.of("'.waitForTaskToken' service integration");
        } else if (resource instanceof Resource.Integration integration
                && integration.pattern() != Resource.Integration.Pattern.REQUEST_RESPONSE) {
            refused = Optional.of("'.sync' service integration");
        }
        refused.ifPresent(what -> findings.schema(
                at, "Express state machine does not support " + what + " ", "Make the state machine a STANDARD one"));
    }

    private void checkTimes(FieldReader fields, Optional<Resource> resource, boolean timed) {
        if (!timed && resource.filter(Resource::awaitsCallback).isPresent()) {
            findings.warning(
                    Findings.NO_TIMEOUT,
                    fields.at("Resource"),
                    "The state waits for a task token without any timeout: without an answer it waits for ever",
                    "Add HeartbeatSeconds or TimeoutSeconds");
        }
        var timeout = fields.integer("TimeoutSeconds");
        var heartbeat = fields.integer("HeartbeatSeconds");
        if (timeout.isPresent() && heartbeat.isPresent() && heartbeat.getAsLong() >= timeout.getAsLong()) {
            findings.schema(
                    fields.at("HeartbeatSeconds"),
                    "HeartbeatSeconds must be smaller than TimeoutSeconds",
                    "Lower HeartbeatSeconds or raise TimeoutSeconds");
        }
    }

    private static State choice(String name, ObjectNode json, FieldReader fields, StateLanguage language) {
        var flow = language.flow();
        var rules = language.choiceRules(json.path("Choices"));
        var otherwise = fields.text("Default").map(next -> new State.ChoiceRule(Expression.constant(true), next, flow));
        var uses = rules.stream()
                .map(rule -> rule.condition().uses().and(rule.flow().uses()))
                .reduce(flow.uses(), Uses::and);
        return new State.Choice(name, flow, uses, rules, otherwise);
    }

    private static Uses uses(State.Until until) {
        return switch (until) {
            case State.Until.Seconds(var seconds) -> seconds.uses();
            case State.Until.Timestamp(var timestamp) -> timestamp.uses();
        };
    }

    private static State fail(String name, StateLanguage language) {
        var error = language.failText("Error");
        var cause = language.failText("Cause");
        var uses = Stream.of(error, cause)
                .flatMap(Optional::stream)
                .map(Expression::uses)
                .reduce(Uses.NOTHING, Uses::and);
        return new State.Fail(name, JsonPathFlow.IDENTITY, uses, error, cause);
    }

    private State parallel(String name, ObjectNode json, String path, FieldReader fields, StateLanguage language) {
        var flow = language.flow();
        var branches = new ArrayList<StateGraph>();
        var list = json.path("Branches");
        for (var i = 0; i < list.size(); i++) {
            var at = path + "/Branches[" + i + "]";
            if (list.get(i) instanceof ObjectNode branch) {
                graphs.branch(branch, at).ifPresent(branches::add);
            } else {
                findings.schema(at, "Expected value of type Object", "Make it an object with StartAt and States");
            }
        }
        var rules = new ErrorRulesReader(findings);
        var retriers = rules.retriers(json, path);
        var catchers = rules.catchers(json, path, language);
        return new State.Parallel(
                name,
                flow,
                flow.uses().and(uses(catchers)),
                List.copyOf(branches),
                retriers,
                catchers,
                transition(fields));
    }

    private static Uses uses(List<Catcher> catchers) {
        return catchers.stream().map(Catcher::flow).map(DataFlow::uses).reduce(Uses.NOTHING, Uses::and);
    }
}
