package io.stepstream.gateway.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.engine.QueryApi;
import io.stepstream.gateway.form.ApprovalSpec;
import io.stepstream.gateway.form.ApprovalSpec.Eyes;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.schemas.Arns;
import io.stepstream.schemas.Caveats.Decision;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The rule that whoever has asked cannot approve. It fails closed: where it is not known who has started, or who decides, nobody
 * approves. To deny one's own request is allowed.
 */
final class FourEyes {

    /** As deep as the engine lets executions start each other, and more. */
    private static final int ANCESTORS = 64;

    private final QueryApi queries;

    FourEyes(QueryApi queries) {
        this.queries = queries;
    }

    /**
     * Refuses an approval by somebody who has asked for it.
     *
     * @param decider who decides; empty if that is not known
     */
    void admit(ApprovalSpec spec, Credential credential, Optional<String> decider) throws ApiException {
        if (spec.eyes() == Eyes.TWO || credential.decision() == Decision.DENIED) {
            return;
        }
        if (decider.isEmpty()) {
            throw new ApiException(
                    ApiError.ACCESS_DENIED, "Two people are needed, and this link does not say who decides");
        }
        var askers = askers(credential.executionId());
        spec.requestedBy().map(FourEyes::same).ifPresent(askers::add);
        if (askers.contains(same(decider.get()))) {
            throw new ApiException(ApiError.ACCESS_DENIED, "Two people are needed: whoever asks cannot approve");
        }
    }

    /** Who started the execution, and those that started it. */
    private Set<String> askers(String executionId) throws ApiException {
        var askers = new HashSet<String>();
        var id = executionId;
        for (var i = 0; i < ANCESTORS; i++) {
            var start = queries.start(id).orElseThrow(FourEyes::unknown);
            if (!start.hasNonNull("parent")) {
                askers.add(principal(start));
                return askers;
            }
            id = Arns.executionId(start.path("parent").asText());
        }
        throw unknown();
    }

    private static String principal(ObjectNode start) throws ApiException {
        var principal = start.path("principal").asText();
        if (principal.isEmpty()) {
            throw unknown();
        }
        return same(principal);
    }

    private static ApiException unknown() {
        return new ApiException(
                ApiError.ACCESS_DENIED, "Two people are needed, and it is not known who has started the execution");
    }

    /** Names of people are mail addresses more often than not, and those are the same in any case of letters. */
    private static String same(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }
}
