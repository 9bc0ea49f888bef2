package io.stepstream.gateway.form;

/** A task's {@code approval} is not as docs/approvals.md says. */
public final class InvalidApproval extends Exception {

    private final String path;

    InvalidApproval(String path, String message) {
        super(message);
        this.path = path;
    }

    /** JSON pointer to what is wrong, from the member {@code approval}. */
    public String path() {
        return path;
    }

    /** What is wrong, and where. */
    public String detail() {
        return "approval%s: %s".formatted(path, getMessage());
    }
}
