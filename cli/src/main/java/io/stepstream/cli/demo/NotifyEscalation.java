package io.stepstream.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.notify.Letter;
import io.stepstream.integrations.notify.Mailer;
import io.stepstream.worker.PoisonousRequest;
import io.stepstream.worker.TaskContext;
import io.stepstream.worker.TaskError;
import io.stepstream.worker.TaskHandler;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells whoever answers for the approver that nobody decided in time. */
final class NotifyEscalation implements TaskHandler<JsonNode> {

    private final Mailer mailer;

    NotifyEscalation(Mailer mailer) {
        this.mailer = mailer;
    }

    @Override
    public @Nullable Object handle(JsonNode payload, TaskContext task) throws TaskError {
        JsonNode request = payload.path("request");
        String to = request.path("escalateTo").asText();
        if (to.isEmpty()) {
            throw new PoisonousRequest(Mailer.NOT_SENT, "the payload needs request.escalateTo, a mail address");
        }
        String title = request.path("title").asText("a request");
        String text = request.path("approver").asText("The approver") + " has not decided \"" + title
                + "\" in time. Please see to it.\n";
        mailer.send(new Letter(to, "Not decided in time: " + title, text, "<p>" + Html.escape(text) + "</p>"));
        return Map.of("escalatedTo", to);
    }
}
