package io.stepstream.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.notify.Letter;
import io.stepstream.integrations.notify.Mailer;
import io.stepstream.schemas.ApprovalLink;
import io.stepstream.schemas.Caveats;
import io.stepstream.schemas.Caveats.Decision;
import io.stepstream.worker.PoisonousRequest;
import io.stepstream.worker.TaskContext;
import io.stepstream.worker.TaskError;
import io.stepstream.worker.TaskHandler;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Mails the approver an approve and a deny link. It has no key: both are made offline from the task's token, each good for one
 * decision in the approver's name. The task stays open for the answer.
 */
final class NotifyApprover implements TaskHandler<JsonNode> {

    private final Mailer mailer;
    private final URI gateway;

    NotifyApprover(Mailer mailer, URI gateway) {
        this.mailer = mailer;
        this.gateway = gateway;
    }

    @Override
    public @Nullable Object handle(JsonNode payload, TaskContext task) throws TaskError {
        JsonNode body = payload.path("body");
        JsonNode request = body.path("request");
        String token = body.path("token").asText();
        String approver = request.path("approver").asText();
        if (token.isEmpty() || approver.isEmpty()) {
            throw new PoisonousRequest(
                    Mailer.NOT_SENT, "the payload needs body.token and body.request.approver, a mail address");
        }
        var letter = new ApprovalLetter(
                request,
                task.executionArn(),
                link(token, Decision.APPROVED, approver),
                link(token, Decision.DENIED, approver));
        mailer.send(new Letter(approver, letter.subject(), letter.text(), letter.html()));
        return null;
    }

    private URI link(String token, Decision decision, String approver) {
        String link = ApprovalLink.make(token, new Caveats(decision, Optional.empty(), Optional.of(approver)));
        return gateway.resolve("/a/" + link);
    }
}
