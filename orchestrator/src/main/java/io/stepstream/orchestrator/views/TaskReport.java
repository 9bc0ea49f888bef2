package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.views.avro.TaskState;
import io.stepstream.schemas.avro.Payload;

/** A task, and the input that its worker gets. */
public record TaskReport(long ticket, TaskState task, Payload input) {}
