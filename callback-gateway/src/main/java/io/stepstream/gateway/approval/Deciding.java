package io.stepstream.gateway.approval;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.gateway.auth.Principal;
import io.stepstream.gateway.engine.QueryApi;
import io.stepstream.gateway.engine.Sender;
import io.stepstream.gateway.engine.Tasks;
import io.stepstream.gateway.form.ApprovalSpec;
import io.stepstream.gateway.form.FormSchema;
import io.stepstream.gateway.http.ApiError;
import io.stepstream.gateway.http.ApiException;
import io.stepstream.schemas.Caveats.Decision;
import io.stepstream.schemas.TokenKeys;
import io.stepstream.schemas.avro.Decided;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Takes a decision to the engine, as a page or a client of the native API has made it, if form and rules allow it. */
public final class Deciding {

    /** Most characters of a comment, and of a name: kept in history for ever. */
    public static final int COMMENT_CHARACTERS = 2_000;

    public static final int NAME_CHARACTERS = 100;

    private final Approvals approvals;
    private final FourEyes fourEyes;
    private final Tasks tasks;
    private final TokenKeys keys;

    public Deciding(Approvals approvals, QueryApi queries, Tasks tasks, TokenKeys keys) {
        this.approvals = approvals;
        this.fourEyes = new FourEyes(queries);
        this.tasks = tasks;
        this.keys = keys;
    }

    /** What a person has said. */
    public record Said(String name, String comment, ObjectNode fields) {}

    /**
     * Decides by a link or a token, for a client that has said who it is.
     *
     * @param text of the link or token
     */
    public void decide(Sender sender, Principal principal, String text, Decision decision, Said said)
            throws ApiException {
        var credential = Credential.of(keys, text, decision);
        var name = Optional.of(principal.name()).filter(known -> !known.isEmpty());
        if (name.isPresent()
                && credential.approver().isPresent()
                && !credential.approver().get().equalsIgnoreCase(name.get())) {
            throw new ApiException(ApiError.ACCESS_DENIED, "This link is for somebody else to decide by");
        }
        var approval = approvals
                .find(credential)
                .orElseThrow(() -> new ApiException(
                        ApiError.TASK_DOES_NOT_EXIST, "Task Does Not Exist: 'Provided task does not exist'"));
        var form = approval.spec().form().map(schema -> schema.fill(said.fields(), needed(schema, decision)));
        requireGood(form.map(FormSchema.Filled::problems).orElse(Map.of()));
        if (form.isEmpty() && !said.fields().isEmpty()) {
            throw new ApiException(ApiError.VALIDATION, "'fields' were given, and this approval has no form");
        }
        send(sender, credential, approval.spec(), credential.approver().or(() -> name), said);
    }

    private static void requireGood(Map<String, String> problems) throws ApiException {
        if (!problems.isEmpty()) {
            throw new ApiException(
                    ApiError.VALIDATION,
                    problems.entrySet().stream()
                            .map(problem -> "'fields/%s': %s".formatted(problem.getKey(), problem.getValue()))
                            .collect(Collectors.joining(" ")));
        }
    }

    /** The fields that must be filled in: a denial owes no answer to the questions of an approval. */
    static Set<String> needed(FormSchema form, Decision decision) {
        return switch (decision) {
            case APPROVED -> form.required();
            case DENIED -> Set.of();
        };
    }

    /**
     * Sends a decision whose fields are good.
     *
     * @param decider who decides, as far as that is proved
     */
    void send(Sender sender, Credential credential, ApprovalSpec spec, Optional<String> decider, Said said)
            throws ApiException {
        fourEyes.admit(spec, credential, decider);
        var decided = Decided.newBuilder()
                .setDecision(credential.decision().name())
                .setComment(said.comment())
                .setDecidedBy(decider.orElse(said.name()))
                .setFields(said.fields().isEmpty() ? null : said.fields().toString())
                .setDenial(spec.denial())
                .build();
        tasks.decide(sender, credential.authority().token(), credential.text(), decided);
    }

    /** No fields. */
    static ObjectNode none() {
        return JsonNodeFactory.instance.objectNode();
    }
}
