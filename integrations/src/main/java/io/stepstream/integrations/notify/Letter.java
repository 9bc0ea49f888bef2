package io.stepstream.integrations.notify;

/** A mail to one person, as text and as HTML. */
public record Letter(String to, String subject, String text, String html) {}
