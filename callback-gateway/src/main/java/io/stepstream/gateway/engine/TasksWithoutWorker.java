package io.stepstream.gateway.engine;

import java.lang.management.ManagementFactory;
import java.util.Set;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts registered task names without a consumer, each time that it is asked: by JMX, as Kafka's own metrics in this process are read. */
final class TasksWithoutWorker implements TasksWithoutWorkerMXBean, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TasksWithoutWorker.class);

    private final Definitions definitions;
    private final TaskConsumers consumers;
    private final String instance;

    private TasksWithoutWorker(Definitions definitions, TaskConsumers consumers, String instance) {
        this.definitions = definitions;
        this.consumers = consumers;
        this.instance = instance;
    }

    /** @param instance of the gateway, as several may be in one process */
    static TasksWithoutWorker published(Definitions definitions, TaskConsumers consumers, String instance) {
        var metric = new TasksWithoutWorker(definitions, consumers, instance);
        try {
            ManagementFactory.getPlatformMBeanServer().registerMBean(metric, metric.name());
        } catch (JMException e) {
            LOG.warn("The metric of tasks without a worker cannot be published", e);
        }
        return metric;
    }

    @Override
    public int getCount() {
        return getNames().size();
    }

    @Override
    public Set<String> getNames() {
        return consumers.missing(definitions.taskNames());
    }

    private ObjectName name() throws JMException {
        return new ObjectName("stepstream:type=tasks-without-worker,gateway=" + ObjectName.quote(instance));
    }

    @Override
    public void close() {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name());
        } catch (JMException e) {
            LOG.debug("The metric was not published", e);
        }
    }
}
