package io.stepstream.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where our resources are said to be: makes ARNs of AWS's shape.
 *
 * @param partition AWS partition, {@code aws} by default
 * @param region AWS region, {@code us-east-1} by default
 * @param account AWS account, {@code 000000000000} by default
 */
public record Arns(String partition, String region, String account) {

    public static final Arns DEFAULT = new Arns("aws", "us-east-1", "000000000000");

    private static final int MAX_NAME = 80;
    private static final String FORBIDDEN_IN_NAMES = "<>{}[]?*\"#%\\^|~`$&,;:/";

    public Arns {
        if (!partition.matches("[a-z][a-z0-9-]*")
                || !region.matches("[a-z][a-z0-9-]*")
                || !account.matches("[0-9]{12}")) {
            throw new IllegalArgumentException(
                    "ARN settings are partition (like aws), region (like us-east-1) and account" + " (12 digits), not "
                            + partition + ", " + region + ", " + account);
        }
    }

    /** ARN of the state machine of this name. */
    public String stateMachine(String name) {
        return prefix() + "stateMachine:" + name;
    }

    /** ARN of the execution of this name, of the state machine of that name. */
    public String execution(String stateMachineName, String executionName) {
        return prefix() + "execution:" + stateMachineName + ":" + executionName;
    }

    /** ARN of an execution of an EXPRESS state machine. */
    public String expressExecution(String stateMachineName, String executionName, String id) {
        return prefix() + "express:" + stateMachineName + ":" + executionName + ":" + id;
    }

    /** ARN of a Map run. */
    public String mapRun(String stateMachineName, String label, String id) {
        return prefix() + "mapRun:" + stateMachineName + "/" + label + ":" + id;
    }

    /** ARN of the activity of this name. */
    public String activity(String name) {
        return prefix() + "activity:" + name;
    }

    /** The name of the state machine that an execution's ARN is under; of another text, the text. */
    public static String stateMachineName(String executionArn) {
        var parts = executionArn.split(":", 8);
        return parts.length < 8 ? executionArn : parts[6];
    }

    /**
     * The execution's id, which is the Kafka key of every record about it: the first 16 bytes of the SHA-256 of its ARN, as 32
     * lower-case hexadecimal digits.
     */
    public static String executionId(String executionArn) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(executionArn.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /**
     * Whether AWS takes this as the name of a state machine, execution or activity: 1 to 80 characters, no white space, no
     * control characters, none of {@code <>{}[]?*"#%\^|~`$&,;:/}. (API reference, CreateStateMachine.)
     */
    public static boolean isName(String name) {
        return !name.isEmpty()
                && name.codePointCount(0, name.length()) <= MAX_NAME
                && name.codePoints().noneMatch(Arns::forbidden);
    }

    private static boolean forbidden(int c) {
        return Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.isISOControl(c)
                || c >= 0xD800 && c <= 0xDFFF
                || c >= 0xFFFE && c <= 0xFFFF
                || FORBIDDEN_IN_NAMES.indexOf(c) >= 0;
    }

    private String prefix() {
        return "arn:" + partition + ":states:" + region + ":" + account + ":";
    }
}
