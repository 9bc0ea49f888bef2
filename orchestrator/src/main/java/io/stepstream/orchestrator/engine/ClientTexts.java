package io.stepstream.orchestrator.engine;

import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.CreateStateMachine;
import io.stepstream.schemas.avro.Decided;
import io.stepstream.schemas.avro.PurgeExecution;
import io.stepstream.schemas.avro.RegisterTask;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.StopExecution;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskTaken;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long the texts of clients may be, which write to the topics of commands and results without a gateway that would look at them: AWS's
 * limits where it has any. A longer one would be in every record and row that quotes it, and a record that its topic refuses can never be
 * committed.
 */
final class ClientTexts {
    private static final int NAME = 256;
    private static final int ARN = 512;
    private static final int ERROR = 256;
    private static final int CAUSE = 32_768;
    /**
     * A larger output is not put into a history record at all. Smaller ones the interpreter refuses by its own limit, in AWS's words and with the state's
     * name.
     */
    static final int OUTPUT_CHARACTERS = Topics.MAX_RECORD_BYTES / 4;

    private ClientTexts() {}

    /** The text that is too long, and what is allowed; empty if none is. */
    static Optional<String> tooLong(Caller caller) {
        var replyTo = caller.getReplyTo();
        var texts = new Texts()
                .add("principal", caller.getPrincipal(), NAME)
                .add("channel", caller.getChannel(), NAME)
                .add("address", caller.getAddress(), NAME)
                .add("requestId", caller.getRequestId(), NAME);
        return (replyTo == null
                        ? texts
                        : texts.add("replyTo.instance", replyTo.getInstance(), NAME)
                                .add("replyTo.correlation", replyTo.getCorrelation(), NAME))
                .tooLong();
    }

    /** The same for what a command or a result says, payloads and definitions apart. */
    static Optional<String> tooLong(Object body) {
        var texts = new Texts();
        switch (body) {
            case TaskFailed failed ->
                texts.add("error", failed.getError(), ERROR).add("cause", failed.getCause(), CAUSE);
            case TaskTaken taken -> texts.add("workerName", taken.getWorkerName(), NAME);
            case Decided decided ->
                texts.add("comment", decided.getComment(), CAUSE).add("decidedBy", decided.getDecidedBy(), NAME);
            case StopExecution stop ->
                texts.add("executionArn", stop.getExecutionArn(), ARN)
                        .add("error", stop.getError(), ERROR)
                        .add("cause", stop.getCause(), CAUSE);
            case StartExecution start ->
                texts.add("executionArn", start.getExecutionArn(), ARN)
                        .add("name", start.getName(), NAME)
                        .add("stateMachineArn", start.getStateMachineArn(), ARN)
                        .add("revision", start.getRevision(), NAME);
            case PurgeExecution purge ->
                texts.add("executionArn", purge.getExecutionArn(), ARN).add("reason", purge.getReason(), CAUSE);
            case CreateStateMachine create ->
                texts.add("stateMachineArn", create.getStateMachineArn(), ARN)
                        .add("name", create.getName(), NAME)
                        .add("roleArn", create.getRoleArn(), ARN)
                        .add("type", create.getType(), NAME);
            case RegisterTask register -> texts.add("name", register.getName(), NAME);
            default -> {}
        }
        return texts.tooLong();
    }

    private static final class Texts {
        private final Map<String, String> tooLong = new LinkedHashMap<>();

        Texts add(String field, @Nullable String text, int most) {
            if (text != null && text.length() > most) {
                tooLong.put(field, field + " has " + text.length() + " characters; at most " + most + " are taken");
            }
            return this;
        }

        Optional<String> tooLong() {
            return tooLong.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", tooLong.values()));
        }
    }
}
