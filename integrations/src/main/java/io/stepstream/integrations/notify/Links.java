package io.stepstream.integrations.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.ApprovalLink;
import io.stepstream.schemas.Caveats;
import io.stepstream.schemas.Caveats.Decision;
import io.stepstream.worker.PoisonousRequest;
import io.stepstream.worker.TaskError;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;

/** Makes approval links of the task token in a request: it takes no key. */
record Links(URI gateway, Clock clock) {

    /** Links that approve and deny, in the name of an approver if one is given. */
    ObjectNode of(JsonNode request, Optional<String> approver) throws TaskError {
        var token = request.path("taskToken").asText();
        var seconds = request.path("linkExpiresSeconds");
        if (!seconds.isMissingNode() && (!seconds.canConvertToInt() || seconds.intValue() < 1)) {
            throw new PoisonousRequest("InvalidRequest", "'linkExpiresSeconds' must be a whole number of 1 or more");
        }
        var expires = seconds.isMissingNode()
                ? Optional.<java.time.Instant>empty()
                : Optional.of(clock.instant().plusSeconds(seconds.intValue()));
        try {
            var links = JsonNodeFactory.instance.objectNode();
            links.put("approve", link(token, new Caveats(Decision.APPROVED, expires, approver)));
            return links.put("deny", link(token, new Caveats(Decision.DENIED, expires, approver)));
        } catch (IllegalArgumentException e) {
            throw new PoisonousRequest("InvalidRequest", "'taskToken': " + e.getMessage(), e);
        }
    }

    private String link(String token, Caveats caveats) {
        return gateway.resolve("/a/" + ApprovalLink.make(token, caveats)).toString();
    }
}
