package io.stepstream.gateway.aws;

import static io.stepstream.gateway.aws.AwsOperations.ARN;
import static io.stepstream.gateway.aws.AwsOperations.NAME;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What AWS's model asks of the members of each operation's input. All that a request violates is told together, before anything else is looked
 * at; a member of a wrong type is none of this, and refused where it is read. A member of a structure is named by its path, one of a list's
 * structures as {@code tags.1.member.key}.
 */
final class Constraints {
    private static final int DEFINITION = 1024 * 1024;
    private static final int DESCRIPTION = 256;
    private static final int LONG_ARN = 2000;
    private static final int TOKEN = 2048;
    private static final int PAGE_TOKEN = 1024;
    private static final int LIST_TOKEN = 3096;
    private static final int CLIENT_TOKEN = 64;
    private static final int MOST_DIAGNOSTICS = 100;
    private static final int TAG_KEY = 128;
    private static final int TAG_VALUE = 256;
    private static final int KEY_ID = 2048;

    /** Longer names are refused as names, in AWS's words for those. */
    private static final int ANY_NAME = 10 * NAME;

    private static final Pattern ALIAS = Pattern.compile("^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$");
    private static final List<String> STATUSES =
            List.of("SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING");
    private static final List<String> TYPES = List.of("STANDARD", "EXPRESS");

    private static final Constraint DATA = oneOf("includedData", List.of("ALL_DATA", "METADATA_ONLY"));
    private static final Constraint TYPE = oneOf("type", TYPES);
    private static final Constraint VERSION_DESCRIPTION = text("versionDescription", 0, DESCRIPTION);
    private static final Constraint ALIAS_DESCRIPTION = text("description", 0, DESCRIPTION);
    private static final Constraint PAGE_SIZE = number("maxResults", Pages.MOST);
    private static final Constraint NEXT = text("nextToken", 1, PAGE_TOKEN);
    private static final Constraint EXECUTION = required("executionArn", ARN);
    private static final Constraint MACHINE = required("stateMachineArn", ARN);
    private static final Constraint ACTIVITY = required("activityArn", ARN);
    private static final Constraint TASK = required("taskToken", TOKEN);
    private static final Constraint RESOURCE = required("resourceArn", ARN);
    private static final Constraint ALIAS_ARN = required("stateMachineAliasArn", ARN);
    private static final Constraint MAP_RUN = required("mapRunArn", LONG_ARN);

    private static final Constraint TAGS = each("tags", text("key", 1, TAG_KEY), text("value", 0, TAG_VALUE));
    private static final Constraint ROUTING = each(
            "routingConfiguration",
            required("stateMachineVersionArn", ARN),
            present("weight"),
            range("weight", 0, 100));
    private static final Constraint ENCRYPTION = inside(
            "encryptionConfiguration",
            present("type"),
            oneOf("type", List.of("AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY")),
            text("kmsKeyId", 1, KEY_ID),
            range("kmsDataKeyReusePeriodSeconds", 60, 900));
    private static final Constraint LOGGING = inside(
            "loggingConfiguration",
            oneOf("level", List.of("ALL", "ERROR", "FATAL", "OFF")),
            each("destinations", inside("cloudWatchLogsLogGroup", text("logGroupArn", 1, ARN))));
    private static final Constraint MOCK =
            inside("mock", oneOf("fieldValidationMode", List.of("STRICT", "PRESENT", "NONE")));

    private static final Map<String, List<Constraint>> OF = new HashMap<>();

    static {
        OF.put("CreateActivity", List.of(required("name", ANY_NAME), TAGS, ENCRYPTION));
        OF.put("DescribeActivity", List.of(ACTIVITY));
        OF.put("DeleteActivity", List.of(ACTIVITY));
        OF.put("ListActivities", List.of(PAGE_SIZE, NEXT));
        OF.put("GetActivityTask", List.of(ACTIVITY, text("workerName", 1, NAME)));
        OF.put("SendTaskSuccess", List.of(TASK, present("output")));
        OF.put("SendTaskFailure", List.of(TASK));
        OF.put("SendTaskHeartbeat", List.of(TASK));
        OF.put("StartExecution", List.of(MACHINE, text("name", 1, ANY_NAME)));
        OF.put("StartSyncExecution", List.of(MACHINE, text("name", 1, ANY_NAME), DATA));
        OF.put("StopExecution", List.of(EXECUTION));
        OF.put("RedriveExecution", List.of(EXECUTION, text("clientToken", 1, CLIENT_TOKEN)));
        OF.put("DescribeExecution", List.of(EXECUTION, DATA));
        OF.put("GetExecutionHistory", List.of(EXECUTION, PAGE_SIZE, NEXT));
        OF.put(
                "ListExecutions",
                List.of(
                        text("stateMachineArn", 1, ARN),
                        oneOf("statusFilter", STATUSES),
                        PAGE_SIZE,
                        text("nextToken", 1, LIST_TOKEN),
                        text("mapRunArn", 1, LONG_ARN),
                        oneOf("redriveFilter", List.of("REDRIVEN", "NOT_REDRIVEN"))));
        OF.put("DescribeMapRun", List.of(MAP_RUN));
        OF.put("ListMapRuns", List.of(EXECUTION, PAGE_SIZE, NEXT));
        OF.put("UpdateMapRun", List.of(MAP_RUN));
        OF.put(
                "CreateStateMachine",
                List.of(
                        required("name", ANY_NAME),
                        required("definition", DEFINITION),
                        required("roleArn", ARN),
                        TYPE,
                        VERSION_DESCRIPTION,
                        TAGS,
                        LOGGING,
                        ENCRYPTION));
        OF.put(
                "UpdateStateMachine",
                List.of(
                        MACHINE,
                        text("definition", 1, DEFINITION),
                        text("roleArn", 1, ARN),
                        VERSION_DESCRIPTION,
                        LOGGING,
                        ENCRYPTION));
        OF.put("DescribeStateMachine", List.of(MACHINE, DATA));
        OF.put("DescribeStateMachineForExecution", List.of(EXECUTION, DATA));
        OF.put("DeleteStateMachine", List.of(MACHINE));
        OF.put("ListStateMachines", List.of(PAGE_SIZE, NEXT));
        OF.put(
                "ValidateStateMachineDefinition",
                List.of(
                        required("definition", DEFINITION),
                        TYPE,
                        oneOf("severity", List.of("ERROR", "WARNING")),
                        number("maxResults", MOST_DIAGNOSTICS)));
        OF.put("TagResource", List.of(RESOURCE, present("tags"), TAGS));
        OF.put("UntagResource", List.of(RESOURCE, present("tagKeys")));
        OF.put("ListTagsForResource", List.of(RESOURCE));
        OF.put(
                "TestState",
                List.of(
                        required("definition", DEFINITION),
                        text("roleArn", 1, ARN),
                        oneOf("inspectionLevel", List.of("INFO", "DEBUG", "TRACE")),
                        text("stateName", 1, NAME),
                        MOCK));
        OF.put("PublishStateMachineVersion", List.of(MACHINE, ALIAS_DESCRIPTION));
        OF.put("DeleteStateMachineVersion", List.of(required("stateMachineVersionArn", LONG_ARN)));
        OF.put("ListStateMachineVersions", List.of(MACHINE, PAGE_SIZE, NEXT));
        OF.put(
                "CreateStateMachineAlias",
                List.of(
                        ALIAS_DESCRIPTION,
                        required("name", NAME),
                        matching("name", ALIAS),
                        present("routingConfiguration"),
                        ROUTING));
        OF.put("UpdateStateMachineAlias", List.of(ALIAS_ARN, ALIAS_DESCRIPTION, ROUTING));
        OF.put("DescribeStateMachineAlias", List.of(ALIAS_ARN));
        OF.put("DeleteStateMachineAlias", List.of(ALIAS_ARN));
        OF.put("ListStateMachineAliases", List.of(MACHINE, PAGE_SIZE, NEXT));
    }

    private Constraints() {}

    /** Says what is wrong with a member, which may be absent. */
    @FunctionalInterface
    private interface Check {
        List<String> violations(Optional<JsonNode> value);
    }

    /** Says what is wrong in a structure, whose members' names are led by this path. */
    @FunctionalInterface
    private interface Constraint {
        Stream<String> violations(String path, ObjectNode structure);
    }

    private static Constraint of(String member, Check check) {
        return (path, structure) -> {
            var value = Optional.ofNullable(structure.get(member)).filter(given -> !given.isNull());
            return check.violations(value).stream()
                    .map(text -> AwsParameters.violation(value.map(JsonNode::asText), path + member, text));
        };
    }

    /** What holds in a structure. */
    private static Constraint inside(String member, Constraint... constraints) {
        return (path, structure) -> structure.get(member) instanceof ObjectNode inner
                ? Stream.of(constraints).flatMap(constraint -> constraint.violations(path + member + ".", inner))
                : Stream.empty();
    }

    /** What holds in every structure of a list. */
    private static Constraint each(String member, Constraint... constraints) {
        return (path, structure) -> {
            var found = new ArrayList<String>();
            var number = 0;
            for (var element : structure.path(member)) {
                number++;
                if (structure.get(member).isArray() && element instanceof ObjectNode inner) {
                    var place = path + member + "." + number + ".member.";
                    Stream.of(constraints)
                            .flatMap(constraint -> constraint.violations(place, inner))
                            .forEach(found::add);
                }
            }
            return found.stream();
        };
    }

    /** Refuses an input with all that it violates. */
    static void check(String operation, ObjectNode input) throws ApiException {
        var constraints = OF.get(operation);
        if (constraints == null) {
            throw new IllegalStateException("there is no row of constraints for " + operation);
        }
        var found = constraints.stream()
                .flatMap(constraint -> constraint.violations("", input))
                .toList();
        if (!found.isEmpty()) {
            throw new ApiException(
                    ApiError.VALIDATION,
                    "%d validation error%s detected: %s"
                            .formatted(
                                    found.size(),
                                    found.size() == 1 ? "" : "s",
                                    found.stream().collect(Collectors.joining("; "))));
        }
    }

    private static Constraint present(String member) {
        return of(member, value -> value.isPresent() ? List.of() : List.of(AwsParameters.MUST_NOT_BE_NULL));
    }

    private static Constraint required(String member, int most) {
        var length = length(1, most);
        return of(
                member,
                value -> value.isPresent() ? length.violations(value) : List.of(AwsParameters.MUST_NOT_BE_NULL));
    }

    private static Constraint text(String member, int least, int most) {
        return of(member, length(least, most));
    }

    private static Check length(int least, int most) {
        return value -> {
            var violations = new ArrayList<String>();
            value.filter(JsonNode::isTextual).map(JsonNode::textValue).ifPresent(text -> {
                var length = text.codePointCount(0, text.length());
                if (length < least) {
                    violations.add("Member must have length greater than or equal to " + least);
                }
                if (length > most) {
                    violations.add("Member must have length less than or equal to " + most);
                }
            });
            return violations;
        };
    }

    private static Constraint matching(String member, Pattern pattern) {
        return of(
                member,
                value -> value.filter(JsonNode::isTextual)
                                .filter(text ->
                                        !pattern.matcher(text.textValue()).matches())
                                .isPresent()
                        ? List.of("Member must satisfy regular expression pattern: " + pattern.pattern())
                        : List.of());
    }

    private static Constraint oneOf(String member, List<String> words) {
        return of(
                member,
                value -> value.filter(JsonNode::isTextual)
                                .filter(text -> !words.contains(text.textValue()))
                                .isPresent()
                        ? List.of("Member must satisfy enum value set: " + words)
                        : List.of());
    }

    private static Constraint number(String member, int most) {
        return range(member, 0, most);
    }

    private static Constraint range(String member, int least, int most) {
        return of(member, value -> {
            var number = value.filter(JsonNode::canConvertToInt)
                    .map(JsonNode::intValue)
                    .orElse(least);
            if (number > most) {
                return List.of("Member must have value less than or equal to " + most);
            }
            return number < least ? List.of("Member must have value greater than or equal to " + least) : List.of();
        });
    }
}
