package io.stepstream.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Trouble;
import io.stepstream.integrations.notify.Mailer;
import io.stepstream.integrations.notify.SmtpSettings;
import io.stepstream.integrations.notify.SmtpSettings.Encryption;
import io.stepstream.worker.Worker;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** The approval example on a running stack: its mail server, inbox and workers, and the play of an execution. */
public final class ApprovalDemo implements AutoCloseable {

    /** Who answers the request. */
    public enum Answer {
        BY_A_PERSON,
        APPROVE,
        DENY
    }

    /** Tells the play to stop, or lets time pass until it looks again. */
    @FunctionalInterface
    public interface Pause {
        /** Waits; true when the play shall stop. */
        boolean stopsWithin(Duration time) throws InterruptedException;
    }

    private static final String FROM = "approvals@stepstream.example";
    private static final String STATE_MACHINE = "approval";
    private static final Duration TICK = Duration.ofMillis(150);
    private static final DateTimeFormatter EXECUTION_NAME =
            DateTimeFormatter.ofPattern("'approval-'yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final MailServer mails;
    private final Inbox inbox;
    private final Worker worker;
    private final GatewayClient gateway;
    private final WaitingList waiting;
    private final PrintWriter out;

    private ApprovalDemo(
            MailServer mails, Inbox inbox, Worker worker, GatewayClient gateway, WaitingList waiting, PrintWriter out) {
        this.mails = mails;
        this.inbox = inbox;
        this.worker = worker;
        this.gateway = gateway;
        this.waiting = waiting;
        this.out = out;
    }

    /** Starts what the example needs besides the stack. */
    public static ApprovalDemo start(DevStack stack, int inboxPort, PrintWriter out) {
        Path folder = stack.folder().demo();
        WaitingList waiting = WaitingList.open(folder.resolve("waiting"));
        MailServer mails = MailServer.start(folder.resolve("mail"));
        try {
            Inbox inbox = Inbox.start(mails, inboxPort);
            Worker worker = worker(stack, mails.smtpPort(), folder.resolve("feedback"));
            return new ApprovalDemo(mails, inbox, worker, new GatewayClient(stack.gateway()), waiting, out);
        } catch (RuntimeException e) {
            mails.close();
            throw e;
        }
    }

    /** The services of the example: a real one would run each somewhere else. */
    static Worker worker(DevStack stack, int smtpPort, Path feedback) {
        var mailer = new Mailer(new SmtpSettings("127.0.0.1", smtpPort, Encryption.NONE, FROM, Optional.empty()));
        return Worker.builder()
                .bootstrapServers(stack.bootstrapServers())
                .registry(stack.registry())
                .name("approval-demo")
                .task("notify-approver", JsonNode.class, new NotifyApprover(mailer, stack.gateway()))
                .task("notify-escalation", JsonNode.class, new NotifyEscalation(mailer))
                .task("save-feedback", JsonNode.class, new SaveFeedback(feedback))
                .start();
    }

    /**
     * Tells of the executions that still wait, or of a new one if none does or it is to be answered at once; until all have ended, or
     * the pause says to stop. True if all have succeeded.
     *
     * @param heartbeatSeconds how long to wait for the approver, instead of what the example says
     */
    public boolean play(Answer answer, Optional<Integer> heartbeatSeconds, Pause pause) throws InterruptedException {
        String stateMachine = gateway.createStateMachine(nameFor(heartbeatSeconds), definition(heartbeatSeconds));
        List<WaitingList.Started> old = answer == Answer.BY_A_PERSON ? waiting.all() : List.of();
        List<WaitingList.Started> executions = old.isEmpty() ? List.of(started(stateMachine)) : old;
        String how = old.isEmpty() ? "started" : "still there from before";
        boolean succeeded = true;
        for (WaitingList.Started execution : executions) {
            out.printf("%nexecution %s, %s%n", execution.name(), how);
            var play = new Play(execution, answer, gateway, mails, inbox.uri(), out);
            JsonNode end = toItsEnd(play, pause);
            succeeded &= end.path("status").asText().equals("SUCCEEDED");
        }
        return succeeded;
    }

    MailServer mails() {
        return mails;
    }

    URI inbox() {
        return inbox.uri();
    }

    private JsonNode toItsEnd(Play play, Pause pause) throws InterruptedException {
        while (true) {
            JsonNode now = play.look();
            String status = now.path("status").asText();
            if (!status.equals("RUNNING")) {
                waiting.remove(play.execution());
                out.printf("%n%s%n", status);
                Optional.ofNullable(now.get("output")).ifPresent(output -> out.println(output.toPrettyString()));
                out.flush();
                return now;
            }
            if (pause.stopsWithin(TICK)) {
                out.printf(
                        "%n%s waits on: start again with the same folder and ports, and its links still work%n",
                        play.execution().name());
                out.flush();
                return now;
            }
        }
    }

    private WaitingList.Started started(String stateMachine) throws InterruptedException {
        String name = EXECUTION_NAME.format(Instant.now());
        String arn = gateway.startExecution(stateMachine, name, resource("input.json"));
        var execution = new WaitingList.Started(name, arn);
        waiting.add(execution);
        return execution;
    }

    /** A state machine's name stands for one definition, until somebody updates it. */
    private static String nameFor(Optional<Integer> heartbeatSeconds) {
        return heartbeatSeconds
                .map(seconds -> STATE_MACHINE + "-within-" + seconds + "s")
                .orElse(STATE_MACHINE);
    }

    /** The example's definition, with another time to wait for the approver if one is given. */
    static JsonNode definition(Optional<Integer> heartbeatSeconds) {
        JsonNode definition = resource("approval.asl.json");
        heartbeatSeconds.ifPresent(
                seconds -> ((ObjectNode) definition.at("/States/RequestApproval")).put("HeartbeatSeconds", seconds));
        return definition;
    }

    /** A file of the example, which stands in the repository under examples/approval. */
    static JsonNode resource(String name) {
        String path = "/examples/approval/" + name;
        try (InputStream in = ApprovalDemo.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is missing in the jar");
            }
            return Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Trouble("the example's " + path + " cannot be read from the jar (" + e + "); build again", e);
        }
    }

    @Override
    public void close() {
        gateway.close();
        worker.close();
        inbox.close();
        mails.close();
    }
}
