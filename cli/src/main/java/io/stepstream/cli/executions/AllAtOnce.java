package io.stepstream.cli.executions;

import io.stepstream.cli.dev.Trouble;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Asks the same of many at once, and tells what was refused. */
final class AllAtOnce {
    private static final int SHOWN_REFUSALS = 20;

    private AllAtOnce() {}

    record Counts(long accepted, long refused) {}

    /** Asks it of one. */
    @FunctionalInterface
    interface Request {
        Gateway.Done ask(String arn) throws InterruptedException;
    }

    static Counts ask(List<String> arns, Request request, PrintWriter out) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = arns.stream()
                    .map(arn -> threads.submit(() -> request.ask(arn)))
                    .toList();
            var accepted = 0L;
            var refused = 0L;
            for (var i = 0; i < asked.size(); i++) {
                switch (asked.get(i).get()) {
                    case Gateway.Done.Accepted() -> accepted++;
                    case Gateway.Done.Refused(var why) -> {
                        refused++;
                        if (refused <= SHOWN_REFUSALS) {
                            out.println("refused: " + arns.get(i) + ": " + why);
                        }
                    }
                }
            }
            return new Counts(accepted, refused);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Trouble trouble) {
                throw trouble;
            }
            throw new IllegalStateException("asking the gateway broke", e.getCause());
        }
    }
}
