package io.stepstream.chaos.check;

import io.stepstream.audit.log.LogRecord;
import io.stepstream.audit.log.LogSource;
import java.util.List;
import java.util.function.Consumer;

/** The committed records of all topics of an installation. */
public interface Recording {

    /** The topics that there are. */
    List<String> topics();

    /** How many partitions the engine has. */
    int partitions();

    /** Reads a topic: each of its partitions in order, one after the other or mixed. */
    void read(String topic, Consumer<LogRecord> each);

    /** How far the installation is now. */
    Moment moment();

    /** What an audit reads of it. */
    LogSource log();
}
