package io.stepstream.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All observers of a worker as one, which never throws. */
final class Observers {

    private static final Logger log = LoggerFactory.getLogger(Observers.class);

    private final List<TaskObserver> observers;

    Observers(List<TaskObserver> observers) {
        this.observers = List.copyOf(observers);
    }

    TaskObserver.Watch taken(TaskContext task) {
        List<TaskObserver.Watch> watches = new ArrayList<>();
        for (TaskObserver observer : observers) {
            try {
                watches.add(observer.taken(task));
            } catch (RuntimeException e) {
                log.warn("An observer failed at the beginning of {}", task, e);
            }
        }
        return new All(List.copyOf(watches), task);
    }

    private record All(List<TaskObserver.Watch> watches, TaskContext task) implements TaskObserver.Watch {

        /** The last one that began ends first: a tracer's scope is a stack. */
        @Override
        public void ended(TaskOutcome outcome) {
            for (TaskObserver.Watch watch : watches.reversed()) {
                try {
                    watch.ended(outcome);
                } catch (RuntimeException e) {
                    log.warn("An observer failed at the end of {}", task, e);
                }
            }
        }

        @Override
        public Map<String, String> traceContext() {
            return watches.stream()
                    .map(TaskObserver.Watch::traceContext)
                    .filter(trace -> !trace.isEmpty())
                    .findFirst()
                    .orElse(task.traceContext());
        }
    }
}
