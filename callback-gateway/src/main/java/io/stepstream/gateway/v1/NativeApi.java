package io.stepstream.gateway.v1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.stepstream.asl.definition.WorkflowType;
import io.stepstream.gateway.engine.Executions;
import io.stepstream.gateway.engine.Sender;
import io.stepstream.gateway.engine.StateMachines;
import io.stepstream.gateway.engine.Tasks;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Bodies;
import io.stepstream.gateway.http.Json;
import io.stepstream.gateway.http.Problems;
import io.stepstream.schemas.avro.PurgeScope;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The native API: resources in, JSON out, problem details when something is wrong. */
public final class NativeApi implements HttpService {

    private static final Logger LOG = LoggerFactory.getLogger(NativeApi.class);
    private static final int USUAL_EVENTS = 100;
    private static final int MOST_EVENTS = 1000;
    private static final int KEY_CHARACTERS = 128;

    private final StateMachines stateMachines;
    private final Executions executions;
    private final Tasks tasks;
    private final String defaultRole;

    /** @param defaultRole role ARN of a state machine that is created without one */
    public NativeApi(StateMachines stateMachines, Executions executions, Tasks tasks, String defaultRole) {
        this.stateMachines = stateMachines;
        this.executions = executions;
        this.tasks = tasks;
        this.defaultRole = defaultRole;
    }

    @FunctionalInterface
    private interface Resource {
        /** Answers, or says what is wrong. */
        ObjectNode answer(ServerRequest request) throws ApiException;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/state-machines", answering(201, this::createStateMachine))
                .post("/executions", answering(201, this::startExecution))
                .get("/executions/{id}", answering(200, this::execution))
                .get("/executions/{id}/history", answering(200, this::history))
                .post("/executions/{id}/purge", answering(200, this::purge))
                .post("/tasks/{token}/success", answering(200, this::success))
                .post("/tasks/{token}/failure", answering(200, this::failure))
                .post("/tasks/{token}/heartbeat", answering(200, this::heartbeat))
                .any((request, response) -> Problems.send(
                        response,
                        new ApiException(ApiError.NOT_FOUND, "The native API has no such resource or method")));
    }

    private static Handler answering(int status, Resource resource) {
        return (request, response) -> {
            try {
                send(response, status, resource.answer(request));
            } catch (ApiException e) {
                Problems.send(response, e);
            } catch (RuntimeException e) {
                LOG.error("A call of the native API broke", e);
                if (!response.isSent()) {
                    Problems.send(
                            response, new ApiException(ApiError.INTERNAL, "Something broke inside; the log has more"));
                }
            }
        };
    }

    private static void send(ServerResponse response, int status, ObjectNode answer) {
        response.status(status);
        response.header("Content-Type", "application/json");
        response.header("Cache-Control", "no-store");
        response.send(Json.bytes(answer));
    }

    private ObjectNode createStateMachine(ServerRequest request) throws ApiException {
        var body = body(request);
        var definition = body.path("definition");
        if (!definition.isTextual() && !definition.isObject()) {
            throw new ApiException(
                    ApiError.VALIDATION, "'definition' must be a state machine's definition: an object, or its text");
        }
        var created = stateMachines.create(
                sender(request),
                StateMachines.Wanted.plain(
                        text(body, "name").orElseThrow(() -> missing("name")),
                        definition.isTextual() ? definition.textValue() : definition.toString(),
                        text(body, "roleArn").orElse(defaultRole),
                        WorkflowType.STANDARD,
                        sealed(body)));
        var answer =
                Json.object().put("stateMachineArn", created.stateMachineArn()).put("revision", created.revision());
        var warnings = answer.putArray("warnings");
        created.warnings().forEach(warning -> warnings.add(Problems.finding(warning)));
        return answer;
    }

    private ObjectNode startExecution(ServerRequest request) throws ApiException {
        var body = body(request);
        var input = body.get("input");
        var started = executions.start(
                sender(request),
                text(body, "stateMachine").orElseThrow(() -> missing("stateMachine")),
                text(body, "name"),
                input == null ? "{}" : input.toString());
        return Json.object()
                .put("executionArn", started.executionArn())
                .put("executionId", started.executionId())
                .put("startDate", started.startDate().toString());
    }

    private ObjectNode execution(ServerRequest request) throws ApiException {
        var seen = executions.describe(id(request));
        toText(seen, "startDate");
        toText(seen, "stopDate");
        for (var data : new String[] {"input", "output"}) {
            if (seen.hasNonNull(data)) {
                seen.set(data, Json.parse(seen.get(data).asText(), ApiError.INTERNAL));
            }
        }
        return seen;
    }

    private ObjectNode history(ServerRequest request) throws ApiException {
        var after = number(request, "after", 0, 0, Long.MAX_VALUE - 1);
        var limit = number(request, "limit", USUAL_EVENTS, 1, MOST_EVENTS);
        var reverse = query(request, "reverse").map(NativeApi::flag).orElse(Optional.of(false));
        if (reverse.isEmpty()) {
            throw new ApiException(ApiError.VALIDATION, "'reverse' must be true or false");
        }
        var seen = executions.history(id(request), after, (int) limit, reverse.get());
        for (JsonNode event : seen.path("events")) {
            if (event instanceof ObjectNode object) {
                toText(object, "timestamp");
            }
        }
        return seen;
    }

    private ObjectNode purge(ServerRequest request) throws ApiException {
        var text = Bodies.text(request, Bodies.BODY_BYTES);
        var body = text.isBlank() ? Json.object() : Json.parseObject(text);
        var name = text(body, "scope").orElse(PurgeScope.KEY_AND_ROWS.name());
        var scope = Arrays.stream(PurgeScope.values())
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ApiException(
                        ApiError.VALIDATION,
                        "'scope' must be one of %s".formatted(Arrays.toString(PurgeScope.values()))));
        var at = executions.purge(
                sender(request),
                Executions.arn(id(request)),
                scope,
                text(body, "reason").orElse(""));
        return Json.object().put("purgeDate", at.toString());
    }

    private static StateMachines.Data sealed(ObjectNode body) throws ApiException {
        var sealed = body.path("sealed");
        if (!sealed.isMissingNode() && !sealed.isBoolean()) {
            throw new ApiException(ApiError.VALIDATION, "'sealed' must be true or false");
        }
        return sealed.booleanValue() ? StateMachines.Data.SEALED : StateMachines.Data.OPEN;
    }

    private ObjectNode success(ServerRequest request) throws ApiException {
        tasks.succeed(sender(request), token(request), Bodies.text(request, Bodies.BODY_BYTES));
        return Json.object();
    }

    private ObjectNode failure(ServerRequest request) throws ApiException {
        var text = Bodies.text(request, Bodies.BODY_BYTES);
        var body = text.isBlank() ? Json.object() : Json.parseObject(text);
        tasks.fail(sender(request), token(request), text(body, "error"), text(body, "cause"));
        return Json.object();
    }

    private ObjectNode heartbeat(ServerRequest request) throws ApiException {
        tasks.heartbeat(sender(request), token(request));
        return Json.object();
    }

    private static ObjectNode body(ServerRequest request) throws ApiException {
        return Json.parseObject(Bodies.text(request, Bodies.BODY_BYTES));
    }

    private static Sender sender(ServerRequest request) throws ApiException {
        var key = Bodies.header(request, "Idempotency-Key");
        if (key.length() > KEY_CHARACTERS) {
            throw new ApiException(
                    ApiError.VALIDATION,
                    "The header Idempotency-Key may have at most %d characters".formatted(KEY_CHARACTERS));
        }
        return new Sender("http", "", Bodies.address(request), Optional.of(key).filter(text -> !text.isEmpty()));
    }

    private static String id(ServerRequest request) throws ApiException {
        return request.path().pathParameters().get("id");
    }

    private static String token(ServerRequest request) {
        return request.path().pathParameters().get("token");
    }

    private static Optional<String> text(ObjectNode body, String member) throws ApiException {
        var value = body.get(member);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw new ApiException(ApiError.VALIDATION, "'%s' must be a string".formatted(member));
        }
        return Optional.of(value.textValue());
    }

    private static ApiException missing(String member) {
        return new ApiException(ApiError.VALIDATION, "'%s' is missing".formatted(member));
    }

    private static Optional<String> query(ServerRequest request, String name) {
        return request.query().first(name).asOptional();
    }

    private static Optional<Boolean> flag(String text) {
        return switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static long number(ServerRequest request, String name, long absent, long least, long most)
            throws ApiException {
        var text = query(request, name).orElse(Long.toString(absent));
        try {
            var number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            LOG.debug("{} is no number", name);
        }
        throw new ApiException(
                ApiError.VALIDATION, "'%s' must be a whole number from %d to %d".formatted(name, least, most));
    }

    private static void toText(ObjectNode object, String member) {
        if (object.hasNonNull(member)) {
            object.put(
                    member, Instant.ofEpochMilli(object.get(member).longValue()).toString());
        }
    }
}
