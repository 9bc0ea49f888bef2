package io.stepstream.audit.whatif;

import java.util.Map;

/** Whether a recorded execution would have gone the same way. */
public sealed interface Verdict {

    /**
     * It would have.
     *
     * @param renamed states of the definition by the recorded names that they were matched with
     */
    record Same(Map<String, String> renamed) implements Verdict {
        public Same {
            renamed = Map.copyOf(renamed);
        }
    }

    /** It would have gone another way, or come to something else. */
    record Other(Difference difference) implements Verdict {}

    /** It cannot be told. */
    record CannotTell(Reason reason, String detail) implements Verdict {}

    /**
     * The first thing that is different, in the execution or in that of a Map's item.
     *
     * @param state where: the last state that was the same
     * @param recorded what happened then
     * @param rehearsed what would have
     * @param ending how the recorded execution ended, and how it would have
     */
    record Difference(Kind kind, String state, String recorded, String rehearsed, Ending ending) {
        /** The same difference, of an execution that ends so. */
        Difference endingSo(Ending other) {
            return new Difference(kind, state, recorded, rehearsed, other);
        }
    }

    /** How the recorded execution ended, and how it would have. */
    record Ending(String recorded, String rehearsed) {}

    /** What is different. */
    enum Kind {
        /** Another state was entered next. */
        NEXT_STATE("goes on to another state"),
        /** A task gets another input. */
        TASK_INPUT("asks for a task with another input"),
        /** A task is asked for more or less often. */
        ATTEMPTS("asks for a task another number of times"),
        /** Fewer of a distributed Map's items, or batches, are started; of more there is no record. */
        ITEMS("starts fewer items of a Map"),
        /** It ends in another status, or with another error. */
        STATUS("ends otherwise"),
        /** It ends with another output. */
        OUTPUT("ends with another output");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** What people call it, of a state. */
        public String words() {
            return words;
        }
    }

    /** Why it cannot be told. */
    enum Reason {
        NEVER_RECORDED("asks for a task or a child execution of which there is no record"),
        NOT_ANSWERED("would wait longer for an answer than the recorded execution did"),
        UNFINISHED("has not ended, and would have gone the same way so far"),
        SEALED("has data that are sealed or purged"),
        BEGINNING_GONE("began before the log does"),
        OTHER_SEMANTICS("was recorded by an interpreter that this program has not got"),
        TOUCHED("does not run again as it was recorded: see what 'audit verify' says"),
        TOO_LARGE("is too large, or takes too many steps, to be tried"),
        NOT_ALLOWED("is of a type that this definition is not valid for");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        /** What people call it, of an execution. */
        public String words() {
            return words;
        }
    }
}
