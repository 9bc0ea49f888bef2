package io.stepstream.cli.demo;

import java.time.Instant;

/** A mail as the inbox shows it: its plain text part, links and all. */
record Mail(Instant receivedAt, String from, String to, String subject, String text) {}
