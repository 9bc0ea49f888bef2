package io.stepstream.gateway.approval;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.stepstream.gateway.approval.Approval.Standing;
import io.stepstream.gateway.approval.Page.Entered;
import io.stepstream.gateway.engine.Sender;
import io.stepstream.gateway.form.FormSchema;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.gateway.http.Bodies;
import io.stepstream.schemas.Caveats.Decision;
import io.stepstream.schemas.InvalidToken;
import io.stepstream.schemas.TokenKeys;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages behind approval links ({@code /a/{link}}) and plain tokens ({@code /approve/{taskToken}}, {@code /deny/{taskToken}}).
 * GET and HEAD only show; the form's POST decides.
 */
public final class ApprovalPages implements HttpService {

    private static final Logger LOG = LoggerFactory.getLogger(ApprovalPages.class);
    private static final String TOO_LATE = "Your decision came too late and was not counted.";
    private static final int FORM_BYTES = 64 * 1024;

    private final Approvals approvals;
    private final Deciding deciding;
    private final TokenKeys keys;
    private final Clock clock;

    public ApprovalPages(Approvals approvals, Deciding deciding, TokenKeys keys, Clock clock) {
        this.approvals = approvals;
        this.deciding = deciding;
        this.keys = keys;
        this.clock = clock;
    }

    /** Turns a request away that has not been looked at. */
    public static void refuse(ServerRequest request, ServerResponse response, ApiException reason) {
        Pages.secure(response);
        Pages.send(request, response, reason);
    }

    /** Finds the credential in a path; empty if it is unknown or forged. */
    private interface Reading {
        Optional<Credential> credential(ServerRequest request);
    }

    /** Does what a request asks for; the credential is good. */
    private interface Action {
        void perform(ServerRequest request, ServerResponse response, Credential credential) throws ApiException;
    }

    @Override
    public void routing(HttpRules rules) {
        route(rules, "/a/{credential}", this::link);
        route(rules, "/approve/{credential}", request -> token(request, Decision.APPROVED));
        route(rules, "/deny/{credential}", request -> token(request, Decision.DENIED));
    }

    private void route(HttpRules rules, String path, Reading reading) {
        rules.get(path, (request, response) -> handle(request, response, reading, this::show))
                .head(path, (request, response) -> handle(request, response, reading, this::show))
                .post(path, (request, response) -> handle(request, response, reading, this::decide));
    }

    private void handle(ServerRequest request, ServerResponse response, Reading reading, Action action) {
        Pages.secure(response);
        try {
            var credential = reading.credential(request);
            if (credential.isEmpty()) {
                Pages.send(request, response, 404, Page.notFound());
            } else {
                action.perform(request, response, credential.get());
            }
        } catch (ApiException e) {
            Pages.send(request, response, e);
        } catch (RuntimeException e) {
            LOG.error("An approval page broke", e);
            if (!response.isSent()) {
                Pages.send(request, response, new ApiException(ApiError.INTERNAL, ""));
            }
        }
    }

    private Optional<Credential> link(ServerRequest request) {
        var text = text(request);
        try {
            var link = keys.verifyLink(text);
            return Optional.of(new Credential(text, link, link.caveats().decision()));
        } catch (InvalidToken e) {
            return Optional.empty();
        }
    }

    private Optional<Credential> token(ServerRequest request, Decision decision) {
        var text = text(request);
        try {
            return Optional.of(new Credential(text, keys.verify(text), decision));
        } catch (InvalidToken e) {
            return Optional.empty();
        }
    }

    private static String text(ServerRequest request) {
        return request.path().pathParameters().get("credential");
    }

    private void show(ServerRequest request, ServerResponse response, Credential credential) throws ApiException {
        var approval = approvals.find(credential);
        if (approval.isEmpty()) {
            Pages.send(request, response, 404, Page.notFound());
        } else {
            send(request, response, approval.get(), "");
        }
    }

    private void decide(ServerRequest request, ServerResponse response, Credential credential) throws ApiException {
        if (!SameOrigin.allows(request)) {
            throw new ApiException(ApiError.FORBIDDEN, "A decision can only be sent from this site's own page");
        }
        var form = Form.parse(Bodies.text(request, FORM_BYTES));
        var approval = approvals.find(credential);
        if (approval.isEmpty()) {
            Pages.send(request, response, 404, Page.notFound());
            return;
        }
        if (!(approval.get().standing() instanceof Standing.Open open)) {
            send(request, response, approval.get(), TOO_LATE);
            return;
        }
        var written = approval.get().spec().form().map(schema -> written(schema, form, credential.decision()));
        if (written.isPresent() && !written.get().problems().isEmpty()) {
            var entered = new Entered(form, written.get().problems());
            Pages.send(request, response, 422, Page.open(approval.get(), open, entered, clock.instant()));
            return;
        }
        var said = new Deciding.Said(
                form.field("name", Deciding.NAME_CHARACTERS),
                form.field("comment", Deciding.COMMENT_CHARACTERS),
                written.map(FormSchema.Filled::values).orElseGet(Deciding::none));
        try {
            deciding.send(
                    sender(request, credential), credential, approval.get().spec(), credential.approver(), said);
        } catch (ApiException refused) {
            refused(request, response, credential, refused);
            return;
        }
        // The result has the same address: to reload it shows it again and decides nothing.
        response.status(303);
        response.header("Location", request.path().rawPath());
        response.send();
    }

    private static FormSchema.Filled written(FormSchema schema, Form form, Decision decision) {
        return schema.fill(form.fieldsOf(schema), Deciding.needed(schema, decision));
    }

    /** Too late, or twice: what the engine says is shown beside what became of the request. */
    private void refused(ServerRequest request, ServerResponse response, Credential credential, ApiException refusal)
            throws ApiException {
        var ended = refusal.error() == ApiError.TASK_TIMED_OUT || refusal.error() == ApiError.TASK_DOES_NOT_EXIST;
        var approval = ended ? approvals.find(credential) : Optional.<Approval>empty();
        if (approval.isEmpty()) {
            throw refusal;
        }
        send(request, response, approval.get(), TOO_LATE);
    }

    private void send(ServerRequest request, ServerResponse response, Approval approval, String notice) {
        int status = switch (approval.standing()) {
            case Standing.Open open -> 200;
            case Standing.Decided decided -> notice.isEmpty() ? 200 : 409;
            case Standing.Ended ended -> 410;
            case Standing.LinkExpired expired -> 410;
        };
        Pages.send(request, response, status, Page.of(approval, notice, clock.instant()));
    }

    private static Sender sender(ServerRequest request, Credential credential) {
        return new Sender("link", credential.approver().orElse(""), Bodies.address(request), Optional.empty());
    }
}
