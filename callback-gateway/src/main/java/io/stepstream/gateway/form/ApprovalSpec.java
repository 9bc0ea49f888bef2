package io.stepstream.gateway.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.avro.Denial;
import java.util.Optional;
import java.util.Set;

/**
 * The member {@code approval} of a task's input: what the state's Parameters say of the approval.
 *
 * @param title what is asked, in a line
 * @param description what is asked, at more length
 * @param requestedBy who asks, where that is somebody else than who started the execution
 * @param shown what of the input the page shows; all of it if empty
 * @param form what the approver is to fill in
 * @param denial what a denial is to the task
 * @param eyes how many people it takes
 */
public record ApprovalSpec(
        String title,
        String description,
        Optional<String> requestedBy,
        Optional<ObjectNode> shown,
        Optional<FormSchema> form,
        Denial denial,
        Eyes eyes) {

    /** The member's name. */
    public static final String MEMBER = "approval";

    /** Of a task that says nothing. */
    public static final ApprovalSpec NONE =
            new ApprovalSpec("", "", Optional.empty(), Optional.empty(), Optional.empty(), Denial.SUCCEEDS, Eyes.TWO);

    private static final Set<String> MEMBERS =
            Set.of("title", "description", "requestedBy", "show", "form", "onDenied", "fourEyes");
    private static final int TITLE_CHARACTERS = 200;
    private static final int DESCRIPTION_CHARACTERS = 4_000;

    /** How many people it takes. */
    public enum Eyes {
        /** Anybody who has the link. */
        TWO,
        /** Somebody else than who asked for it, by name. */
        FOUR
    }

    /** What a task's input says. */
    public static ApprovalSpec of(JsonNode input) throws InvalidApproval {
        return input.path(MEMBER) instanceof ObjectNode object ? parse(object) : NONE;
    }

    static ApprovalSpec parse(ObjectNode spec) throws InvalidApproval {
        for (var member : spec.properties()) {
            if (!MEMBERS.contains(member.getKey())) {
                throw new InvalidApproval("/" + member.getKey(), "there is no such member; there are " + MEMBERS);
            }
        }
        var form = spec.get("form");
        return new ApprovalSpec(
                text(spec, "title", TITLE_CHARACTERS).orElse(""),
                text(spec, "description", DESCRIPTION_CHARACTERS).orElse(""),
                text(spec, "requestedBy", TITLE_CHARACTERS),
                shown(spec),
                form == null || form.isNull() ? Optional.empty() : Optional.of(FormSchema.parse(form)),
                denial(spec),
                eyes(spec));
    }

    private static Optional<String> text(ObjectNode spec, String member, int most) throws InvalidApproval {
        var value = spec.get(member);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual() || value.textValue().length() > most) {
            throw new InvalidApproval("/" + member, "it must be a text of at most %d characters".formatted(most));
        }
        return Optional.of(value.textValue()).filter(text -> !text.isBlank());
    }

    private static Optional<ObjectNode> shown(ObjectNode spec) throws InvalidApproval {
        return switch (spec.path("show")) {
            case ObjectNode object -> Optional.of(object);
            case JsonNode absent when absent.isMissingNode() || absent.isNull() -> Optional.empty();
            default -> throw new InvalidApproval("/show", "it must be an object, whose members the page shows");
        };
    }

    private static Denial denial(ObjectNode spec) throws InvalidApproval {
        return switch (spec.path("onDenied").asText("SUCCEED")) {
            case "SUCCEED" -> Denial.SUCCEEDS;
            case "FAIL" -> Denial.FAILS;
            default -> throw new InvalidApproval("/onDenied", "it must be SUCCEED or FAIL");
        };
    }

    private static Eyes eyes(ObjectNode spec) throws InvalidApproval {
        var value = spec.path("fourEyes");
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw new InvalidApproval("/fourEyes", "it must be true or false");
        }
        return value.asBoolean(false) ? Eyes.FOUR : Eyes.TWO;
    }
}
