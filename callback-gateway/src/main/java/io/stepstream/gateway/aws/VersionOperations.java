package io.stepstream.gateway.aws;

import static io.stepstream.gateway.aws.AwsOperations.ARN;
import static io.stepstream.gateway.aws.Operation.returning;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.engine.ResourceArns;
import io.stepstream.gateway.engine.Sender;
import io.stepstream.gateway.engine.StateMachines;
import io.stepstream.gateway.engine.Versions;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.avro.Alias;
import io.stepstream.schemas.avro.PublishedVersion;
import io.stepstream.schemas.avro.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operations on versions and aliases of state machines. */
final class VersionOperations {
    private static final int MOST_ROUTES = 2;
    private static final int HUNDRED = 100;

    private final StateMachines stateMachines;
    private final Versions versions;
    private final Pages pages;

    VersionOperations(StateMachines stateMachines, Versions versions, Pages pages) {
        this.stateMachines = stateMachines;
        this.versions = versions;
        this.pages = pages;
    }

    Map<String, Operation> byName() {
        return Map.of(
                "PublishStateMachineVersion", returning(this::publish),
                "DeleteStateMachineVersion", returning(this::deleteVersion),
                "ListStateMachineVersions", returning(this::listVersions),
                "CreateStateMachineAlias", returning(this::createAlias),
                "UpdateStateMachineAlias", returning(this::updateAlias),
                "DescribeStateMachineAlias", returning(this::describeAlias),
                "DeleteStateMachineAlias", returning(this::deleteAlias),
                "ListStateMachineAliases", returning(this::listAliases));
    }

    private static StatesArn.StateMachine stateMachine(AwsParameters parameters) throws ApiException {
        return ResourceArns.of(StatesArn.StateMachine.class, parameters.required("stateMachineArn"));
    }

    private ObjectNode publish(AwsParameters parameters, Sender sender) throws ApiException {
        var published = versions.publish(
                sender, stateMachine(parameters), parameters.string("revisionId"), parameters.string("description"));
        return Json.object()
                .put("stateMachineVersionArn", published.versionArn())
                .put("creationDate", AwsForm.seconds(published.creationDate()));
    }

    private ObjectNode deleteVersion(AwsParameters parameters, Sender sender) throws ApiException {
        versions.delete(
                sender, ResourceArns.of(StatesArn.Version.class, parameters.required("stateMachineVersionArn")));
        return Json.object();
    }

    private ObjectNode listVersions(AwsParameters parameters, Sender sender) throws ApiException {
        var arn = stateMachine(parameters).text();
        stateMachines.catchUp();
        var latestFirst = stateMachines.existing(arn).getVersions().reversed();
        return pages.page(
                parameters,
                "ListStateMachineVersions " + arn,
                "stateMachineVersions",
                place -> place.isEmpty()
                        ? latestFirst
                        : latestFirst.stream()
                                .filter(version -> version.getNumber() < Long.parseLong(place))
                                .toList(),
                version -> Long.toString(version.getNumber()),
                version -> version(arn, version));
    }

    private static ObjectNode version(String arn, PublishedVersion version) {
        return Json.object()
                .put("stateMachineVersionArn", arn + ":" + version.getNumber())
                .put("creationDate", AwsForm.seconds(version.getCreatedAt()));
    }

    private ObjectNode createAlias(AwsParameters parameters, Sender sender) throws ApiException {
        var name = parameters.required("name");
        var description = parameters.string("description");
        var routing = parameters.structures("routingConfiguration");
        if (routing.isEmpty()) {
            throw parameters.missing("routingConfiguration");
        }
        var routes = routes(routing, Optional.empty());
        var alias = new StatesArn.Alias(routes.stateMachine(), name);
        var created = versions.createAlias(sender, alias, description, routes.routes());
        return Json.object().put("stateMachineAliasArn", alias.text()).put("creationDate", AwsForm.seconds(created));
    }

    private record Routes(StatesArn.StateMachine stateMachine, List<Route> routes) {}

    /** @param of the state machine whose versions they must be, where that is known */
    private static Routes routes(List<AwsParameters> routing, Optional<StatesArn.StateMachine> of) throws ApiException {
        if (routing.size() > MOST_ROUTES) {
            throw invalid("1 validation error detected: Value at 'routingConfiguration' failed to satisfy constraint: "
                    + "Member must have length less than or equal to " + MOST_ROUTES);
        }
        var arns = new ArrayList<String>();
        var routes = new ArrayList<Route>();
        var machine = of;
        var sum = 0;
        for (var route : routing) {
            var arn = route.required("stateMachineVersionArn", ARN);
            arns.add(arn);
            var weight = route.requiredNumber("weight", HUNDRED);
            sum += weight;
            if (!(ResourceArns.any(arn) instanceof StatesArn.Version version)) {
                throw invalid("Routing configuration must contain state machine version ARNs. Received: " + arns);
            }
            if (machine.isPresent() && !machine.get().equals(version.stateMachine())) {
                throw invalid("Routing configuration must contain versions of one state machine. Received: " + arns);
            }
            machine = Optional.of(version.stateMachine());
            routes.add(new Route(version.number(), weight));
        }
        if (new HashSet<>(arns).size() < arns.size()) {
            throw invalid("Routing configuration must contain distinct state machine version ARNs. Received: " + arns);
        }
        if (sum != HUNDRED) {
            throw invalid("Sum of routing configuration weights must equal 100. Received: "
                    + routes.stream().map(Route::getWeight).toList());
        }
        return new Routes(machine.orElseThrow(), routes);
    }

    private static ApiException invalid(String message) {
        return new ApiException(ApiError.VALIDATION, message);
    }

    private static StatesArn.Alias alias(AwsParameters parameters) throws ApiException {
        return ResourceArns.of(StatesArn.Alias.class, parameters.required("stateMachineAliasArn"));
    }

    private ObjectNode updateAlias(AwsParameters parameters, Sender sender) throws ApiException {
        var alias = alias(parameters);
        var description = parameters.string("description");
        var routing = parameters.structures("routingConfiguration");
        if (routing.isEmpty() && description.isEmpty()) {
            throw invalid("At least one of the description and the routing configuration must be specified");
        }
        var routes = routing.isEmpty()
                ? List.<Route>of()
                : routes(routing, Optional.of(alias.stateMachine())).routes();
        var updated = versions.updateAlias(sender, alias, description, routes);
        return Json.object().put("updateDate", AwsForm.seconds(updated));
    }

    private ObjectNode describeAlias(AwsParameters parameters, Sender sender) throws ApiException {
        var arn = alias(parameters);
        var alias = versions.alias(arn);
        var output = Json.object()
                .put("stateMachineAliasArn", arn.text())
                .put("name", alias.getName())
                .put("creationDate", AwsForm.seconds(alias.getCreatedAt()))
                .put("updateDate", AwsForm.seconds(alias.getUpdatedAt()));
        Optional.ofNullable(alias.getDescription()).ifPresent(words -> output.put("description", words));
        var routing = output.putArray("routingConfiguration");
        for (var route : alias.getRoutes()) {
            routing.addObject()
                    .put("stateMachineVersionArn", arn.stateMachine().text() + ":" + route.getVersion())
                    .put("weight", route.getWeight());
        }
        return output;
    }

    private ObjectNode deleteAlias(AwsParameters parameters, Sender sender) throws ApiException {
        versions.deleteAlias(sender, alias(parameters));
        return Json.object();
    }

    /** Of a state machine, or of those that route to a version. */
    private ObjectNode listAliases(AwsParameters parameters, Sender sender) throws ApiException {
        var text = parameters.required("stateMachineArn");
        var version = ResourceArns.any(text) instanceof StatesArn.Version asked
                ? Optional.of(asked)
                : Optional.<StatesArn.Version>empty();
        var arn = version.isPresent()
                ? version.get().stateMachine().text()
                : ResourceArns.of(StatesArn.StateMachine.class, text).text();
        stateMachines.catchUp();
        var aliases = stateMachines.existing(arn).getAliases().stream()
                .filter(alias -> version.isEmpty()
                        || alias.getRoutes().stream()
                                .anyMatch(route ->
                                        route.getVersion() == version.get().number()))
                .sorted(Comparator.comparing(VersionOperations::place))
                .toList();
        return pages.page(
                parameters,
                "ListStateMachineAliases " + text,
                "stateMachineAliases",
                place -> aliases.stream()
                        .filter(alias -> place(alias).compareTo(place) > 0)
                        .toList(),
                VersionOperations::place,
                alias -> Json.object()
                        .put("stateMachineAliasArn", arn + ":" + alias.getName())
                        .put("creationDate", AwsForm.seconds(alias.getCreatedAt())));
    }

    /** Where an alias is in lists: the oldest first. Known by itself, as the alias may be gone when the next page is asked for. */
    private static String place(Alias alias) {
        return "%015d %s".formatted(alias.getCreatedAt().toEpochMilli(), alias.getName());
    }
}
