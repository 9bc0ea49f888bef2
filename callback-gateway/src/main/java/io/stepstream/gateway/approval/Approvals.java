package io.stepstream.gateway.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.approval.Approval.How;
import io.stepstream.gateway.approval.Approval.Request;
import io.stepstream.gateway.approval.Approval.Standing;
import io.stepstream.gateway.engine.QueryApi;
import io.stepstream.gateway.form.ApprovalSpec;
import io.stepstream.gateway.form.InvalidApproval;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Json;
import io.stepstream.schemas.ApprovalLink;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Caveats.Decision;
import io.stepstream.schemas.InvalidToken;
import io.stepstream.schemas.StatesArn;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.TokenKeys;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Finds what a link or token asks about, and how that stands, in the read side. */
public final class Approvals {

    private final QueryApi queries;
    private final Clock clock;
    private final RequestFields fields;

    public Approvals(QueryApi queries, TokenKeys keys, Clock clock) {
        this.queries = queries;
        this.clock = clock;
        this.fields = new RequestFields(text -> isSecret(keys, text));
    }

    /** Empty if the read side knows no such task. */
    Optional<Approval> find(Credential credential) throws ApiException {
        var token = credential.authority().token();
        var task = queries.task(token.executionId(), token.ticket());
        var execution = task.isPresent() ? queries.execution(token.executionId()) : Optional.<ObjectNode>empty();
        if (task.isEmpty() || execution.isEmpty()) {
            return Optional.empty();
        }
        var input = Json.parse(task.get().path("input").asText("{}"), ApiError.INTERNAL);
        var spec = spec(input);
        return Optional.of(new Approval(
                request(task.get(), execution.get(), input, spec), spec, standing(task.get(), credential)));
    }

    private static ApprovalSpec spec(JsonNode input) throws ApiException {
        try {
            return ApprovalSpec.of(input);
        } catch (InvalidApproval e) {
            throw new ApiException(ApiError.INVALID_APPROVAL, "The task asks for an approval wrongly: " + e.detail());
        }
    }

    private Request request(ObjectNode task, ObjectNode execution, JsonNode input, ApprovalSpec spec)
            throws ApiException {
        var arn = execution.path("stateMachineArn").asText();
        return new Request(
                StatesArn.parse(arn).orElse(null) instanceof StatesArn.StateMachine machine ? machine.name() : arn,
                task.path("state").asText(),
                execution.path("name").asText(),
                spec.requestedBy().isPresent()
                        ? spec.requestedBy().get()
                        : startedBy(execution.path("executionArn").asText()),
                fields.of(spec.shown().<JsonNode>map(shown -> shown).orElseGet(() -> withoutSpec(input))),
                time(task, "requestedAt").orElse(clock.instant()),
                time(task, "deadline"));
    }

    private String startedBy(String executionArn) throws ApiException {
        return queries.start(Arns.executionId(executionArn))
                .map(start -> start.path("principal").asText())
                .orElse("");
    }

    private static JsonNode withoutSpec(JsonNode input) {
        return input instanceof ObjectNode object ? object.deepCopy().without(ApprovalSpec.MEMBER) : input;
    }

    private Standing standing(ObjectNode task, Credential credential) {
        var ended = time(task, "endedAt").orElse(clock.instant());
        return switch (task.path("status").asText()) {
            case "PENDING" -> pending(credential);
            case "SUCCEEDED" -> decided(task, ended);
            case "FAILED" ->
                task.path("decision").asText().isEmpty() ? new Standing.Ended(How.FAILED, ended) : decided(task, ended);
            case "TIMED_OUT" -> new Standing.Ended(How.TIMED_OUT, ended);
            default -> new Standing.Ended(How.ABORTED, ended);
        };
    }

    private Standing pending(Credential credential) {
        return switch (credential.authority()) {
            case TaskToken token -> new Standing.Open(credential.decision(), Optional.empty(), Optional.empty());
            case ApprovalLink link
            when link.caveats().expiredAt(clock.instant()) ->
                new Standing.LinkExpired(link.caveats().expires().orElse(clock.instant()));
            case ApprovalLink link ->
                new Standing.Open(
                        credential.decision(),
                        link.caveats().approver(),
                        link.caveats().expires());
        };
    }

    private static Standing decided(ObjectNode task, Instant at) {
        var decision = switch (task.path("decision").asText()) {
            case "APPROVED" -> Optional.of(Decision.APPROVED);
            case "DENIED" -> Optional.of(Decision.DENIED);
            default -> Optional.<Decision>empty();
        };
        return new Standing.Decided(
                decision, task.path("decidedBy").asText(), task.path("comment").asText(), fieldsOf(task), at);
    }

    private static JsonNode fieldsOf(ObjectNode task) {
        try {
            return Json.parse(task.path("fields").asText("{}"), ApiError.INTERNAL);
        } catch (ApiException e) {
            throw new IllegalStateException("the read side's fields of a decision are no JSON", e);
        }
    }

    private static Optional<Instant> time(ObjectNode object, String member) {
        return Optional.of(object.path(member))
                .filter(JsonNode::isNumber)
                .map(ms -> Instant.ofEpochMilli(ms.longValue()));
    }

    private static boolean isSecret(TokenKeys keys, String text) {
        try {
            var unused = keys.verifyAny(text);
            return true;
        } catch (InvalidToken e) {
            return false;
        }
    }
}
