package io.stepstream.gateway.auth;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What somebody is here for. A principal may have several; docs/security.md has the table of what each may do. */
public enum Role {
    /** Sees state machines, executions and their history. */
    VIEWER,
    /** Sees; starts, stops, redrives, pauses and resumes executions, and pauses and resumes state machines. */
    OPERATOR,
    /** Creates, changes and deletes state machines and activities. */
    DEPLOYER,
    /** Takes tasks and answers them; all, or those that it is given by name. */
    WORKER,
    /** Sees what waits for a decision, and decides. */
    APPROVER;

    /** As it is written in the credentials file. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role that is written so. */
    public static Optional<Role> of(String text) {
        return Stream.of(values()).filter(role -> role.text().equals(text)).findFirst();
    }
}
