package io.stepstream.schemas;

import java.util.Optional;

/** The ARN of something of ours, taken apart. Any region and account is accepted: the caller says whether they matter. */
public sealed interface StatesArn {

    /** Where it is said to be. */
    Arns place();

    /** The ARN's text. */
    String text();

    /** A state machine. */
    record StateMachine(Arns place, String name) implements StatesArn {
        @Override
        public String text() {
            return place.stateMachine(name);
        }
    }

    /** An execution of a state machine. */
    record Execution(Arns place, String stateMachineName, String name) implements StatesArn {
        @Override
        public String text() {
            return place.execution(stateMachineName, name);
        }
    }

    /** An activity. */
    record Activity(Arns place, String name) implements StatesArn {
        @Override
        public String text() {
            return place.activity(name);
        }
    }

    /** What this ARN names; empty if it is none of ours, or malformed. */
    static Optional<StatesArn> parse(String arn) {
        String[] parts = arn.split(":", -1);
        if (parts.length < 7 || !parts[0].equals("arn") || !parts[2].equals("states")) {
            return Optional.empty();
        }
        Arns place;
        try {
            place = new Arns(parts[1], parts[3], parts[4]);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        for (int i = 6; i < parts.length; i++) {
            if (!Arns.isName(parts[i])) {
                return Optional.empty();
            }
        }
        return switch (parts[5] + "/" + parts.length) {
            case "stateMachine/7" -> Optional.of(new StateMachine(place, parts[6]));
            case "execution/8" -> Optional.of(new Execution(place, parts[6], parts[7]));
            case "activity/7" -> Optional.of(new Activity(place, parts[6]));
            default -> Optional.empty();
        };
    }
}
