package io.stepstream.cli.run;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.data.MalformedJson;
import io.stepstream.asl.execution.Effect;
import io.stepstream.asl.rehearsal.Answers;
import io.stepstream.asl.rehearsal.Reply;
import io.stepstream.cli.Keyboard;
import io.stepstream.cli.Unusable;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Answers from mocks first, and for what they do not answer from the person at the keyboard. */
public final class Asking implements Answers {
    private final Mocks mocks;
    private final Keyboard keyboard;
    private final PrintWriter out;

    public Asking(Mocks mocks, Keyboard keyboard, PrintWriter out) {
        this.mocks = mocks;
        this.keyboard = keyboard;
        this.out = out;
    }

    @Override
    public List<Reply> to(Effect.RequestTask request) {
        return mocks.answer(request).map(List::of).orElseGet(() -> ask(request));
    }

    private List<Reply> ask(Effect.RequestTask request) {
        if (!keyboard.answers()) {
            throw nobody(request);
        }
        out.printf("%ntask %s, of state %s, is given %s%n", request.name(), request.state(), request.input());
        out.println("its result as JSON, or: fail ERROR CAUSE, or: never");
        while (true) {
            out.print("> ");
            out.flush();
            var line = keyboard.line().orElseThrow(() -> nobody(request)).strip();
            if (line.equals("never")) {
                return List.of();
            }
            if (line.equals("fail") || line.startsWith("fail ")) {
                return List.of(failure(line));
            }
            try {
                return List.of(Reply.complete(Document.parse(line)));
            } catch (MalformedJson e) {
                out.println("that is not JSON: " + e.getMessage());
            }
        }
    }

    private static Reply failure(String line) {
        var words = line.split("\\s+", 3);
        return new Reply.Fail(
                Duration.ZERO,
                words.length > 1 ? Optional.of(words[1]) : Optional.empty(),
                words.length > 2 ? Optional.of(words[2]) : Optional.empty());
    }

    private static Unusable nobody(Effect.RequestTask request) {
        return new Unusable("nobody answers task " + request.name() + " of state " + request.state()
                + ": give its result in a file by --mock, or run this on a terminal");
    }
}
