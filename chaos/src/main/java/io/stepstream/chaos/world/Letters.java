package io.stepstream.chaos.world;

import io.stepstream.schemas.Arns;
import io.stepstream.schemas.LimitKeys;
import io.stepstream.schemas.Payloads;
import io.stepstream.schemas.RecordCodec;
import io.stepstream.schemas.Topics;
import io.stepstream.schemas.avro.Caller;
import io.stepstream.schemas.avro.Command;
import io.stepstream.schemas.avro.CreateStateMachine;
import io.stepstream.schemas.avro.LimitStateMachine;
import io.stepstream.schemas.avro.LimitTask;
import io.stepstream.schemas.avro.PauseExecution;
import io.stepstream.schemas.avro.PauseStateMachine;
import io.stepstream.schemas.avro.RedriveExecution;
import io.stepstream.schemas.avro.ReplyTo;
import io.stepstream.schemas.avro.ResumeExecution;
import io.stepstream.schemas.avro.ResumeStateMachine;
import io.stepstream.schemas.avro.StartExecution;
import io.stepstream.schemas.avro.StopExecution;
import io.stepstream.schemas.avro.TaskFailed;
import io.stepstream.schemas.avro.TaskHeartbeat;
import io.stepstream.schemas.avro.TaskRequest;
import io.stepstream.schemas.avro.TaskResult;
import io.stepstream.schemas.avro.TaskSucceeded;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecord;

/** What clients and workers write to the engine's topics. Safe for use by several threads. */
public final class Letters {
    private static final String INSTANCE = "chaos";

    private final RecordCodec codec;
    private final AtomicLong calls = new AtomicLong();

    public Letters(RecordCodec codec) {
        this.codec = codec;
    }

    /**
     * A record to be sent.
     *
     * @param call names what the verdict on it will be about
     */
    public record Letter(String topic, String key, String call, byte[] value) {}

    /** Has the state machine created. */
    public Letter create(Template template) {
        return command(
                template.arn(),
                caller("create " + template.machine()),
                CreateStateMachine.newBuilder()
                        .setStateMachineArn(template.arn())
                        .setName(template.machine())
                        .setRoleArn("arn:aws:iam::000000000000:role/chaos")
                        .setType("STANDARD")
                        .setDefinition(template.definition())
                        .build());
    }

    /** Limits how many tasks are out at once that workers do. */
    public Letter limitWork(int most) {
        return command(LimitKeys.task(Template.WORK), caller("limit work"), new LimitTask(Template.WORK, most));
    }

    /** Limits how many executions of a state machine run at once. */
    public Letter limit(Template template, int most) {
        return command(
                template.arn(), caller("limit " + template.machine()), new LimitStateMachine(template.arn(), most));
    }

    /** Starts an execution; written again, it is the repeat of the same request. */
    public Letter start(Errand errand, String revision) {
        var arn = arn(errand);
        return command(
                Arns.executionId(arn),
                caller("start " + errand.name()),
                StartExecution.newBuilder()
                        .setExecutionArn(arn)
                        .setName(errand.name())
                        .setStateMachineArn(errand.template().arn())
                        .setRevision(revision)
                        .setInput(Payloads.of(errand.input()))
                        .build());
    }

    /** Stops it. */
    public Letter stop(Errand errand) {
        var arn = arn(errand);
        return command(
                Arns.executionId(arn), caller("stop " + errand.name()), new StopExecution(arn, "Stopped", "chaos"));
    }

    /** Pauses it. */
    public Letter pause(Errand errand) {
        var arn = arn(errand);
        return command(Arns.executionId(arn), caller("pause " + errand.name()), new PauseExecution(arn));
    }

    /** Resumes it. */
    public Letter resume(Errand errand) {
        var arn = arn(errand);
        return command(Arns.executionId(arn), caller("resume " + errand.name()), new ResumeExecution(arn));
    }

    /** Pauses a state machine. */
    public Letter pause(Intermission intermission) {
        var arn = intermission.template().arn();
        return command(arn, caller("pause " + intermission.number()), new PauseStateMachine(arn));
    }

    /** Resumes it. */
    public Letter resume(Intermission intermission) {
        var arn = intermission.template().arn();
        return command(arn, caller("resume " + intermission.number()), new ResumeStateMachine(arn));
    }

    /** Has an execution go on; written again, it is the repeat of the same request. */
    public Letter redrive(Redrive redrive) {
        var arn = redrive.executionArn();
        return command(
                Arns.executionId(arn), caller("redrive " + redrive.number() + ' ' + arn), new RedriveExecution(arn));
    }

    /** Answers a task; written again, it is the repeat of the same request. */
    public Letter answer(TaskRequest request, Behaviour.Answer answer) {
        return result(
                request,
                answer.error()
                        .<Object>map(error -> new TaskFailed(error, "as the seed says"))
                        .orElseGet(() -> new TaskSucceeded(Payloads.of("{\"by\":\"chaos\"}"))));
    }

    /** Says that a task is still worked on. */
    public Letter heartbeat(TaskRequest request) {
        return result(request, new TaskHeartbeat());
    }

    private Letter result(TaskRequest request, Object body) {
        var what = body instanceof TaskHeartbeat ? "heartbeat " : "answer ";
        var caller = caller(what + request.getIdempotencyKey());
        return letter(
                Topics.TASK_RESULTS,
                request.getExecutionId(),
                caller,
                TaskResult.newBuilder()
                        .setCaller(caller)
                        .setToken(request.getToken())
                        .setBody(body)
                        .build());
    }

    private static String arn(Errand errand) {
        return Arns.DEFAULT.execution(errand.template().machine(), errand.name());
    }

    private Letter command(String key, Caller caller, Object body) {
        return letter(Topics.COMMANDS, key, caller, new Command(caller, body));
    }

    /** Each call waits for a verdict of its own, also when it repeats a request. */
    private Caller caller(String requestId) {
        return Caller.newBuilder()
                .setChannel("kafka")
                .setRequestId(requestId)
                .setReplyTo(new ReplyTo(INSTANCE, "call-" + calls.incrementAndGet()))
                .build();
    }

    private Letter letter(String topic, String key, Caller caller, SpecificRecord record) {
        return new Letter(topic, key, caller.getReplyTo().getCorrelation(), codec.encode(topic, record));
    }
}
