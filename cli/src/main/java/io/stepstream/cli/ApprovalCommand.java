package io.stepstream.cli;

import io.stepstream.cli.demo.ApprovalDemo;
import io.stepstream.cli.dev.DevStack;
import io.stepstream.cli.dev.Phases;
import io.stepstream.integrations.items.store.BucketSettings;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stepstream demo approval}: dev mode, with the approval example deployed, its workers running and an execution started. */
@Command(
        name = "approval",
        description = "Starts an approval, tells what it does, and waits until somebody has used a link.",
        mixinStandardHelpOptions = true)
final class ApprovalCommand implements Callable<Integer> {

    @Mixin
    private final StackOptions options = new StackOptions();

    @Option(names = "--auto", description = "Answer by itself, by the link in the mail.")
    private boolean auto;

    @Option(names = "--deny", description = "With --auto: deny.")
    private boolean deny;

    @Option(
            names = "--heartbeat",
            paramLabel = "SECONDS",
            description = "Escalate when nobody has answered for so long (default: as in the example, three days).")
    private @Nullable Integer heartbeat;

    private final PrintWriter out;

    ApprovalCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        var phases = new Phases();
        Optional<BucketSettings> buckets = options.buckets();
        try (var interrupt = new Interrupt();
                DevStack stack = DevStack.start(options.openFolder(), options.ports(), phases);
                ApprovalDemo demo = ApprovalDemo.start(stack, options.inboxPort(), out)) {
            buckets.ifPresent(stack::serveItems);
            Greeting.print(out, stack, phases, options.timings());
            boolean succeeded = demo.play(answer(), Optional.ofNullable(heartbeat), interrupt::isAskedWithin);
            return succeeded ? 0 : 1;
        }
    }

    private ApprovalDemo.Answer answer() {
        if (!auto) {
            return ApprovalDemo.Answer.BY_A_PERSON;
        }
        return deny ? ApprovalDemo.Answer.DENY : ApprovalDemo.Answer.APPROVE;
    }
}
