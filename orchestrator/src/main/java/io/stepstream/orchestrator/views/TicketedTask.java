package io.stepstream.orchestrator.views;

import io.stepstream.orchestrator.views.avro.TaskState;

/** A task by its ticket, without its input. */
public record TicketedTask(long ticket, TaskState task) {}
