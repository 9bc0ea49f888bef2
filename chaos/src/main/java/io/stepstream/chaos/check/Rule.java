package io.stepstream.chaos.check;

/** What the engine promises, each promise checked by itself. */
public enum Rule {
    /** Every step, run again, gives its record to the byte; the records of an execution are one chain. */
    HISTORY,
    /** Every step is for a command that is in a topic, and no command has two steps. */
    COMMAND,
    /** What steps say is to be sent is in the topics, once; nothing else is. */
    EFFECT,
    /** A ticket is given out once, and ends once. */
    TICKET,
    /** A timer fires once, for the time that it was set for, unless it was cancelled. */
    TIMER,
    /** Every call gets one verdict, and what was accepted is in the history. */
    VERDICT,
    /** The first answer that was appended before the deadline wins, and no other. */
    CALLBACK,
    /** What is paused, or whose state machine is, begins nothing; each partition is told of that. */
    PAUSE,
    /** The compacted topic tells the last status of each execution. */
    STATUS,
    /** A limit lets begin what has asked for its turn, in that order, once, and never more at once than may be. */
    LIMIT,
    /** Every execution that was started has ended, once, and once more for each time that it was redriven. */
    END
}
