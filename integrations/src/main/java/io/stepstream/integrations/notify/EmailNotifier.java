package io.stepstream.integrations.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.PoisonousRequest;
import io.stepstream.worker.TaskContext;
import io.stepstream.worker.TaskError;
import io.stepstream.worker.TaskHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Mails people what a template makes of the request. With a {@code taskToken} in it each gets links of their own, which decide in their
 * name, and a state that waits for the token stays open; that nobody could be told fails the task.
 */
public final class EmailNotifier implements TaskHandler<JsonNode> {

    /** The task's registered name. */
    public static final String TASK_NAME = "stepstream-notify-email";

    private static final int RECIPIENTS = 20;

    private final Mailer mailer;
    private final Links links;
    private final Optional<Path> templates;

    EmailNotifier(Mailer mailer, Links links, Optional<Path> templates) {
        this.mailer = mailer;
        this.links = links;
        this.templates = templates;
    }

    @Override
    public @Nullable Object handle(JsonNode request, TaskContext task) throws TaskError {
        return notify(request, task.executionArn());
    }

    Map<String, List<String>> notify(JsonNode request, String executionArn) throws TaskError {
        if (!(request instanceof ObjectNode object)) {
            throw new PoisonousRequest("InvalidRequest", "the request must be an object with 'to'");
        }
        var asks = request.hasNonNull("taskToken");
        var name = request.path("template").asText(asks ? "approval" : "notice");
        var template = Template.named(name, templates)
                .orElseThrow(() -> new PoisonousRequest("InvalidRequest", "there is no template '" + name + "'"));
        var recipients = recipients(request.path("to"));
        for (var to : recipients) {
            // Not the token itself: a template could show it.
            var values = object.deepCopy().without("taskToken");
            if (values instanceof ObjectNode shown) {
                shown.put("to", to).put("execution", executionArn);
                if (asks) {
                    shown.set("links", links.of(request, Optional.of(to)));
                }
            }
            mailer.send(template.letter(to, values));
        }
        return Map.of("sentTo", recipients);
    }

    private static List<String> recipients(JsonNode to) throws TaskError {
        var recipients = new ArrayList<String>();
        if (to.isTextual()) {
            recipients.add(to.textValue());
        }
        to.forEach(each -> recipients.add(each.asText()));
        if (recipients.isEmpty() || recipients.size() > RECIPIENTS || recipients.contains("")) {
            throw new PoisonousRequest(
                    "InvalidRequest", "'to' must be a mail address, or 1 to %d of them".formatted(RECIPIENTS));
        }
        return recipients;
    }
}
