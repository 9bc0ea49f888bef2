package io.stepstream.orchestrator.rows;

import java.time.Instant;

/**
 * The truth about a state machine.
 *
 * @param arn its ARN
 * @param type STANDARD or EXPRESS
 * @param revision hash of its current definition
 * @param number of that revision, from 1
 * @param createdAt when that revision was made
 * @param sealed whether what is kept of its executions is sealed
 */
public record ResourceRow(String arn, String type, String revision, long number, Instant createdAt, boolean sealed) {}
