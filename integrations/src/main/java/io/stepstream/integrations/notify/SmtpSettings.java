package io.stepstream.integrations.notify;

import java.util.Optional;

/**
 * The mail server.
 *
 * @param from address that mails are from
 * @param login empty if it takes mails without one
 */
public record SmtpSettings(String host, int port, Encryption encryption, String from, Optional<Login> login) {

    /** How the connection is protected. */
    public enum Encryption {
        /** Not at all: for a server on this machine. */
        NONE,
        /** Begins in the clear, and must be encrypted before anything is said. */
        STARTTLS,
        /** From the first byte. */
        TLS
    }

    /** Who logs in. */
    public record Login(String user, String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return "Login[" + user + "]";
        }
    }
}
