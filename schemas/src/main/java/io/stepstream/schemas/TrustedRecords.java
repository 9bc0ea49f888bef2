package io.stepstream.schemas;

import org.apache.avro.generic.GenericContainer;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Lets Avro make instances of our own generated classes. Since 1.12.2 it makes none that nobody has said to be trusted
 * (CVE-2024-47561), and would read no record of ours.
 */
public final class TrustedRecords {

    private static final String OURS = "io.stepstream.";

    static {
        ClassSecurityValidator.setGlobal(
                ClassSecurityValidator.composite(ClassSecurityValidator.getGlobal(), TrustedRecords::isOurs));
    }

    private TrustedRecords() {}

    /** To be called before the first record is read or copied; more calls change nothing. */
    public static void trust() {
        // Calling it runs the initializer above, once.
    }

    private static boolean isOurs(Class<?> type) {
        return GenericContainer.class.isAssignableFrom(type) && type.getName().startsWith(OURS);
    }
}
