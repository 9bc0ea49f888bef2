package io.stepstream.audit.log;

import io.stepstream.schemas.Topics;

/** The topics that an audit reads. */
public enum LogTopic {
    HISTORY(Topics.HISTORY, 'H'),
    EXECUTIONS(Topics.EXECUTIONS, 'X'),
    DEFINITIONS(Topics.DEFINITIONS, 'D'),
    CHECKPOINTS(Topics.AUDIT_CHECKPOINTS, 'C'),
    /** In exported files only if asked for: a copy of a key outlives its purge. */
    KEYS(Topics.KEYS, 'K');

    private final String topic;
    private final char letter;

    LogTopic(String topic, char letter) {
        this.topic = topic;
        this.letter = letter;
    }

    /** Its name in Kafka. */
    public String topic() {
        return topic;
    }

    /** What names it in an exported file. */
    char letter() {
        return letter;
    }
}
