package io.stepstream.gateway.approval;

import io.stepstream.gateway.engine.Refusals;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.schemas.ApprovalLink;
import io.stepstream.schemas.Authority;
import io.stepstream.schemas.Caveats.Decision;
import io.stepstream.schemas.InvalidToken;
import io.stepstream.schemas.TaskToken;
import io.stepstream.schemas.TokenKeys;
import java.util.Optional;

/**
 * A verified link or token, and what it is to decide.
 *
 * @param text a secret
 */
public record Credential(String text, Authority authority, Decision decision) {

    /**
     * The credential of a text that is to make a decision.
     *
     * @throws ApiException if it is none of ours, or a link for another decision
     */
    public static Credential of(TokenKeys keys, String text, Decision decision) throws ApiException {
        try {
            var authority = keys.verifyAny(text);
            if (authority instanceof ApprovalLink link && link.caveats().decision() != decision) {
                throw Refusals.invalidToken();
            }
            return new Credential(text, authority, decision);
        } catch (InvalidToken e) {
            throw Refusals.invalidToken();
        }
    }

    /** Who a link binds to decide; empty if anybody. */
    Optional<String> approver() {
        return switch (authority) {
            case ApprovalLink link -> link.caveats().approver();
            case TaskToken token -> Optional.empty();
        };
    }

    String executionId() {
        return authority.token().executionId();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Credential[" + decision + " of " + executionId() + "]";
    }
}
