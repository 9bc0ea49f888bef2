package io.stepstream.asl.execution.scenario;

import java.util.Optional;

/** What can be seen of an execution from outside; {@link #toString} is how a scenario writes it. */
public sealed interface Observation {

    record Task(long ticket, String name, String input) implements Observation {
        @Override
        public String toString() {
            return "task#" + ticket + " \"" + name + "\" " + input;
        }
    }

    /** A timer is set, {@code after} as in {@code +1.5s} from now. */
    record Timer(long ticket, String after) implements Observation {
        @Override
        public String toString() {
            return "timer#" + ticket + " " + after;
        }
    }

    record CancelTimer(long ticket) implements Observation {
        @Override
        public String toString() {
            return "cancel timer#" + ticket;
        }
    }

    record Refused(String reason) implements Observation {
        @Override
        public String toString() {
            return "refused " + reason;
        }
    }

    record Succeeded(String output) implements Observation {
        @Override
        public String toString() {
            return "succeeded " + output;
        }
    }

    /** Failed or aborted: {@code kind} says which. */
    record Ended(String kind, Optional<String> error, Optional<String> cause) implements Observation {
        @Override
        public String toString() {
            return kind
                    + error.map(text -> " \"" + text + "\"").orElse("")
                    + cause.map(text -> " \"" + text + "\"").orElse("");
        }
    }
}
