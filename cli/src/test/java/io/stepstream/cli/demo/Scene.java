package io.stepstream.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.cli.demo.ApprovalLetter.Links;
import io.stepstream.cli.dev.DataFolder;
import io.stepstream.cli.dev.DevPorts;
import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Phases;
import io.stepstream.schemas.Arns;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The whole approval example in this JVM: a stack on a folder, the demo's mail server and workers, and the gateway's API. */
final class Scene implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final DevStack stack;
    final ApprovalDemo demo;
    final GatewayClient gateway;
    private final StringWriter told = new StringWriter();

    private Scene(DevStack stack) {
        this.stack = stack;
        this.demo = ApprovalDemo.start(stack, 0, new PrintWriter(told, true));
        this.gateway = new GatewayClient(stack.gateway());
    }

    static Scene on(Path folder, DevPorts ports) {
        return new Scene(DevStack.start(DataFolder.open(folder), ports, new Phases()));
    }

    /** Plays an execution to its end. */
    boolean play(ApprovalDemo.Answer answer, Optional<Integer> heartbeatSeconds) throws InterruptedException {
        var never = new CountDownLatch(1);
        return demo.play(answer, heartbeatSeconds, time -> never.await(time.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Starts an execution of the example with one field of its request changed; answers its ARN. */
    String start(String name, String field, String value) throws InterruptedException {
        String stateMachine = gateway.createStateMachine("approval", ApprovalDemo.definition(Optional.empty()));
        ObjectNode input = ApprovalDemo.resource("input.json").deepCopy();
        ((ObjectNode) input.path("body")).put(field, value);
        return gateway.startExecution(stateMachine, name, input);
    }

    /** The links in the mail about an execution. */
    Links links(String executionArn) throws InterruptedException {
        String reference = ApprovalLetter.reference(executionArn);
        return demo.mails()
                .await(mail -> mail.text().contains(reference), PATIENCE)
                .flatMap(Links::in)
                .orElseThrow(() -> new AssertionError("no mail with links about " + executionArn));
    }

    /** Waits for the end of an execution; answers it as it is then. */
    JsonNode end(String executionArn) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode now = gateway.execution(Arns.executionId(executionArn));
            if (!now.path("status").asText().equals("RUNNING")) {
                return now;
            }
        }
        throw new AssertionError(
                "still running after " + PATIENCE + ": " + gateway.history(Arns.executionId(executionArn), 0));
    }

    /** What the demo has told so far. */
    String told() {
        return told.toString();
    }

    static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }

    @Override
    public void close() {
        gateway.close();
        demo.close();
        stack.close();
    }
}
