package io.stepstream.audit.log;

import java.util.Iterator;

/**
 * The records of one partition, in order, one at a time. After a {@link DamagedLog} it goes on behind what is damaged.
 */
public interface LogReader extends Iterator<LogRecord>, AutoCloseable {

    /**
     * @throws DamagedLog if what comes next is there, and cannot be read
     */
    @Override
    boolean hasNext();

    @Override
    void close();
}
