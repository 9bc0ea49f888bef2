package io.stepstream.orchestrator.trace;

import io.stepstream.orchestrator.EngineClients;
import io.stepstream.tracing.FinishedSpan;
import io.stepstream.tracing.Tracing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spans wait here for the transaction that they were made in: they are exported once it is committed, and forgotten if it is not. A stream
 * thread has one producer, and so one transaction at a time, whichever partitions it works for.
 */
final class CommittedSpans {
    private static final Logger LOG = LoggerFactory.getLogger(CommittedSpans.class);

    /** Spans of one transaction: some hundred bytes each. */
    private static final int MOST = 20_000;

    private final Tracing tracing;
    private final ThreadLocal<List<FinishedSpan>> made = ThreadLocal.withInitial(ArrayList::new);

    CommittedSpans(Tracing tracing) {
        this.tracing = tracing;
    }

    /** Takes a span of the transaction that this thread has open. */
    void add(FinishedSpan span) {
        var waiting = made.get();
        if (waiting.size() < MOST) {
            waiting.add(span);
        } else {
            LOG.debug("A transaction has more than {} spans: {} is left out", MOST, span.name());
        }
    }

    /** A transaction begins: whatever waits was of one that was aborted. */
    void begun() {
        made.get().clear();
    }

    /** This thread's transaction is committed. */
    void committed() {
        var waiting = made.get();
        waiting.forEach(tracing::export);
        waiting.clear();
    }

    /** The clients of a Kafka Streams whose producers tell of their transactions here. */
    KafkaClientSupplier clients() {
        return new EngineClients() {
            @Override
            public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
                return new TellingProducer(config);
            }
        };
    }

    private final class TellingProducer extends KafkaProducer<byte[], byte[]> {
        private TellingProducer(Map<String, Object> config) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public void beginTransaction() {
            super.beginTransaction();
            begun();
        }

        @Override
        public void commitTransaction() {
            super.commitTransaction();
            committed();
        }
    }
}
