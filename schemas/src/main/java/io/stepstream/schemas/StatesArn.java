package io.stepstream.schemas;

import java.util.Optional;
import java.util.regex.Pattern;

/** The ARN of something of ours, taken apart. Any region and account is accepted: the caller says whether they matter. */
public sealed interface StatesArn {

    /** Where it is said to be. */
    Arns place();

    /** The ARN's text. */
    String text();

    /** What AWS calls its kind, as the ARN writes it. */
    String resourceType();

    /** A state machine. */
    record StateMachine(Arns place, String name) implements StatesArn {
        @Override
        public String text() {
            return place.stateMachine(name);
        }

        @Override
        public String resourceType() {
            return "stateMachine";
        }
    }

    /** A version of a state machine; {@code number} is from 1. */
    record Version(StateMachine stateMachine, long number) implements StatesArn {
        @Override
        public Arns place() {
            return stateMachine.place();
        }

        @Override
        public String text() {
            return stateMachine.text() + ":" + number;
        }

        @Override
        public String resourceType() {
            return "stateMachine";
        }
    }

    /** An alias of a state machine. */
    record Alias(StateMachine stateMachine, String name) implements StatesArn {
        @Override
        public Arns place() {
            return stateMachine.place();
        }

        @Override
        public String text() {
            return stateMachine.text() + ":" + name;
        }

        @Override
        public String resourceType() {
            return "stateMachine";
        }
    }

    /**
     * An execution of a STANDARD state machine.
     *
     * @param label of a Map run's child, the label of the Map state
     */
    record Execution(Arns place, String stateMachineName, Optional<String> label, String name) implements StatesArn {
        @Override
        public String text() {
            return place.execution(labelled(stateMachineName, label), name);
        }

        @Override
        public String resourceType() {
            return "execution";
        }
    }

    /** An execution of an EXPRESS state machine: names are not unique, so that each has an id too. */
    record ExpressExecution(Arns place, String stateMachineName, Optional<String> label, String name, String id)
            implements StatesArn {
        @Override
        public String text() {
            return place.expressExecution(labelled(stateMachineName, label), name, id);
        }

        @Override
        public String resourceType() {
            return "express";
        }
    }

    /** A Map run. */
    record MapRun(Arns place, String stateMachineName, String label, String id) implements StatesArn {
        @Override
        public String text() {
            return place.mapRun(stateMachineName, label, id);
        }

        @Override
        public String resourceType() {
            return "mapRun";
        }
    }

    /** An activity. */
    record Activity(Arns place, String name) implements StatesArn {
        @Override
        public String text() {
            return place.activity(name);
        }

        @Override
        public String resourceType() {
            return "activity";
        }
    }

    /** What this ARN names; empty if it is none of ours, or malformed. */
    static Optional<StatesArn> parse(String arn) {
        return Parser.parse(arn);
    }

    private static String labelled(String stateMachineName, Optional<String> label) {
        return stateMachineName + label.map(text -> "/" + text).orElse("");
    }

    /** Takes ARNs apart. */
    final class Parser {
        private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

        private Parser() {}

        private static Optional<StatesArn> parse(String arn) {
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
            String[] owner = parts[6].split("/", -1);
            for (String name : owner) {
                if (!Arns.isName(name)) {
                    return Optional.empty();
                }
            }
            for (int i = 7; i < parts.length; i++) {
                if (!Arns.isName(parts[i])) {
                    return Optional.empty();
                }
            }
            return resource(place, parts, owner);
        }

        private static Optional<StatesArn> resource(Arns place, String[] parts, String[] owner) {
            Optional<String> label = owner.length == 2 ? Optional.of(owner[1]) : Optional.empty();
            return switch (parts[5] + "/" + parts.length + "/" + owner.length) {
                case "stateMachine/7/1" -> Optional.of(new StateMachine(place, owner[0]));
                case "stateMachine/8/1" -> Optional.of(qualified(new StateMachine(place, owner[0]), parts[7]));
                case "execution/8/1", "execution/8/2" ->
                    Optional.of(new Execution(place, owner[0], label, parts[7]));
                case "express/9/1", "express/9/2" ->
                    Optional.of(new ExpressExecution(place, owner[0], label, parts[7], parts[8]));
                case "mapRun/8/2" -> Optional.of(new MapRun(place, owner[0], owner[1], parts[7]));
                case "activity/7/1" -> Optional.of(new Activity(place, owner[0]));
                default -> Optional.empty();
            };
        }

        /** An alias's name is never a number (API reference, CreateStateMachineAlias). */
        private static StatesArn qualified(StateMachine machine, String qualifier) {
            return NUMBER.matcher(qualifier).matches()
                    ? new Version(machine, Long.parseLong(qualifier))
                    : new Alias(machine, qualifier);
        }
    }
}
