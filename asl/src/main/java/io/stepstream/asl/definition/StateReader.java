package io.stepstream.asl.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.data.DataFlow;
import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.Expression;
import io.stepstream.asl.data.JsonPathFlow;
import io.stepstream.asl.data.Path;
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

    StateReader(GraphReader graphs, Findings findings) {
        this.graphs = graphs;
        this.findings = findings;
    }

    Optional<State> read(String name, StateType type, QueryLanguage queryLanguage, ObjectNode json, String path) {
        var fields = new FieldReader(json, path, findings);
        var language = queryLanguage.of(type, fields);
        var flow = language.flow();
        return switch (type) {
            case PASS -> {
                fields.value("Result").ifPresent(result -> checkStatic(result, fields.at("Result")));
                yield Optional.of(new State.Pass(
                        name, flow, flow.uses(), fields.value("Result").map(Document::of), transition(fields)));
            }
            case TASK -> task(name, json, path, fields, language);
            case CHOICE -> Optional.of(choice(name, json, fields, language));
            case WAIT ->
                language.until()
                        .map(until ->
                                new State.Wait(name, flow, flow.uses().and(uses(until)), until, transition(fields)));
            case SUCCEED -> Optional.of(new State.Succeed(name, flow, flow.uses()));
            case FAIL -> Optional.of(fail(name, language));
            case PARALLEL -> Optional.of(parallel(name, json, path, fields, language));
            case MAP -> new MapReader(graphs, findings, queryLanguage, fields, language).read(name);
        };
    }

    /** Finds what looks as if it were to be evaluated. */
    private void checkStatic(JsonNode result, String at) {
        if (result.isTextual() && Path.looksMeant(result.asText())) {
            findings.add(Rule.STATIC_RESULT, at, result.asText());
        }
        for (var field : result.properties()) {
            checkStatic(field.getValue(), at + "/" + field.getKey());
        }
        for (var i = 0; i < (result.isArray() ? result.size() : 0); i++) {
            checkStatic(result.get(i), at + "[" + i + "]");
        }
    }

    static Transition transition(FieldReader fields) {
        return fields.text("Next").<Transition>map(Transition.Next::new).orElseGet(Transition.End::new);
    }

    private Optional<State> task(
            String name, ObjectNode json, String path, FieldReader fields, StateLanguage language) {
        var flow = language.flow();
        var resource = fields.value("Resource").flatMap(ResourceReader::text).flatMap(text -> resource(text, fields));
        var timeout = language.taskSeconds("TimeoutSeconds");
        var heartbeat = language.taskSeconds("HeartbeatSeconds");
        var credentials = language.credentials();
        resource.ifPresent(known -> checkCredentials(known, fields));
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
            findings.add(Rule.RESOURCE, at);
        }
        if (resource.filter(Resource.Unresolved.class::isInstance).isPresent()) {
            findings.add(Rule.UNRESOLVED_RESOURCE, at, text);
        }
        if (graphs.workflow() == WorkflowType.EXPRESS) {
            resource.ifPresent(known -> checkExpress(known, at));
        }
        return resource;
    }

    /** The specification leaves to the platform what Credentials hold; what AWS carries out needs the role to take. */
    private void checkCredentials(Resource resource, FieldReader fields) {
        var needsRole = switch (resource) {
            case Resource.Integration _, Resource.LambdaFunction _ -> true;
            case Resource.Activity _, Resource.KafkaTask _, Resource.Unresolved _ -> false;
        };
        fields.value("Credentials")
                .filter(given -> needsRole && given.isObject() && !given.has("RoleArn") && !given.has("RoleArn.$"))
                .ifPresent(any -> findings.add(Rule.REQUIRED_FIELD, fields.at("Credentials"), "RoleArn"));
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
        refused.ifPresent(what -> findings.add(Rule.EXPRESS, at, what));
    }

    private void checkTimes(FieldReader fields, Optional<Resource> resource, boolean timed) {
        if (!timed && resource.filter(Resource::awaitsCallback).isPresent()) {
            findings.add(Rule.NO_TIMEOUT, fields.at("Resource"));
        }
        var timeout = fields.integer("TimeoutSeconds");
        var heartbeat = fields.integer("HeartbeatSeconds");
        if (timeout.isPresent() && heartbeat.isPresent() && heartbeat.getAsLong() >= timeout.getAsLong()) {
            findings.add(Rule.HEARTBEAT_TOO_LONG, fields.at("HeartbeatSeconds"));
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
                findings.add(Rule.VALUE_TYPE, at, "Object");
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

    static Uses uses(List<Catcher> catchers) {
        return catchers.stream().map(Catcher::flow).map(DataFlow::uses).reduce(Uses.NOTHING, Uses::and);
    }
}
