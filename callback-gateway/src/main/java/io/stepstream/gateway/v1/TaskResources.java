package io.stepstream.gateway.v1;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.approval.Deciding;
import io.stepstream.gateway.auth.Doors;
import io.stepstream.gateway.engine.Tasks;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.Caveats.Decision;

/** Answers to tasks, by whoever holds their tokens or links. */
final class TaskResources {

    private final Doors doors;
    private final Tasks tasks;
    private final Deciding deciding;

    TaskResources(Doors doors, Tasks tasks, Deciding deciding) {
        this.doors = doors;
        this.tasks = tasks;
        this.deciding = deciding;
    }

    ObjectNode succeed(Call call) throws ApiException {
        tasks.succeed(call.sender(), token(call), call.text());
        return Json.object();
    }

    ObjectNode fail(Call call) throws ApiException {
        var body = call.optionalBody();
        tasks.fail(call.sender(), token(call), Call.text(body, "error"), Call.text(body, "cause"));
        return Json.object();
    }

    ObjectNode heartbeat(Call call) throws ApiException {
        tasks.heartbeat(call.sender(), token(call));
        return Json.object();
    }

    ObjectNode decide(Call call) throws ApiException {
        var body = call.body();
        var decision = switch (Call.required(body, "decision")) {
            case "APPROVED" -> Decision.APPROVED;
            case "DENIED" -> Decision.DENIED;
            default -> throw new ApiException(ApiError.VALIDATION, "'decision' must be APPROVED or DENIED");
        };
        var fields = body.path("fields");
        if (!fields.isObject() && !fields.isMissingNode()) {
            throw new ApiException(ApiError.VALIDATION, "'fields' must be an object");
        }
        var said = new Deciding.Said(
                limited(body, "decidedBy", Deciding.NAME_CHARACTERS),
                limited(body, "comment", Deciding.COMMENT_CHARACTERS),
                fields instanceof ObjectNode object ? object : Json.object());
        deciding.decide(call.sender(), call.principal(), call.parameter("token"), decision, said);
        return Json.object();
    }

    private String token(Call call) throws ApiException {
        var token = call.parameter("token");
        doors.admitTask(call.principal(), token);
        return token;
    }

    private static String limited(ObjectNode body, String member, int most) throws ApiException {
        var text = Call.text(body, member).orElse("");
        if (text.length() > most) {
            throw new ApiException(ApiError.VALIDATION, "'%s' may have at most %d characters".formatted(member, most));
        }
        return text;
    }
}
