package io.stepstream.gateway.engine;

import java.util.Set;

/** The metric of task names that a definition uses and nobody takes the requests of: {@code stepstream:type=tasks-without-worker}. */
public interface TasksWithoutWorkerMXBean {

    /** How many there are now. */
    int getCount();

    /** Which they are. */
    Set<String> getNames();
}
