package io.stepstream.orchestrator.engine;

import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.utils.Bytes;

/**
 * The value of a record on its way to a sink.
 *
 * @param topic where it goes
 * @param partition which partition, where the key does not say it
 * @param value the bytes as they are stored; none is a tombstone
 */
record Outgoing(String topic, OptionalInt partition, Optional<Bytes> value) {}
