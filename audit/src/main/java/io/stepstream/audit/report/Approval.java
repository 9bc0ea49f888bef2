package io.stepstream.audit.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One request for a decision, and what became of it.
 *
 * @param task name of the task that carried the request
 * @param asked when
 * @param deadline when it was to time out unless heartbeats moved that; none if never
 * @param ended when it was decided, as Kafka appended the decision, or ended otherwise; absent while it is open
 * @param decider who decided, of APPROVED, DENIED and ANSWERED; of FAILED, who said so
 * @param comment what was said with the decision
 * @param error error name, of FAILED
 * @param escalatedTo the state that the workflow went on to, of ESCALATED
 * @param evidence where in the log its end is; of an open one, its request
 */
public record Approval(
        String stateMachine,
        String executionArn,
        String state,
        String task,
        Instant asked,
        Optional<Instant> deadline,
        Outcome outcome,
        Optional<Instant> ended,
        Optional<Decider> decider,
        String comment,
        String error,
        String escalatedTo,
        Evidence evidence) {

    /** What became of a request. */
    public enum Outcome {
        APPROVED("approved"),
        DENIED("denied"),
        /** Nobody answered in time, and the workflow went on to another state. */
        ESCALATED("escalated"),
        /** Nobody answered in time. */
        TIMED_OUT("timed out"),
        /** It was answered, and not with a decision. */
        ANSWERED("answered"),
        /** It was given up by whoever held the token. */
        FAILED("failed"),
        /** The execution ended or went another way first. */
        ABORTED("aborted"),
        PENDING("pending");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }

        /** What people call it. */
        public String words() {
            return words;
        }

        boolean isDecision() {
            return this == APPROVED || this == DENIED;
        }
    }

    /**
     * Who decided.
     *
     * @param name the person, as far as known
     * @param vouched what vouches for the name
     * @param channel how the decision came: link, http, aws, kafka
     * @param address network address that it came from, as far as known
     * @param link the link that it came through
     */
    public record Decider(String name, Vouched vouched, String channel, String address, Optional<Link> link) {}

    /** The caveats of a link: what it could be used for, by whom, until when. */
    public record Link(String purpose, String approver, Optional<Instant> expires) {}

    /** What vouches for the name of who decided. */
    public enum Vouched {
        /** The link was made for this approver, and for nobody else. */
        LINK("bound into the link"),
        /** The gateway authenticated the caller. */
        CALLER("authenticated"),
        /** Whoever decided says so. */
        SELF("as stated"),
        /** There is no name. */
        NOBODY("unknown");

        private final String words;

        Vouched(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** A record in the topic of history. */
    public record Evidence(int partition, long offset, long step) {}

    /** How long it waited; absent while it is open. */
    public Optional<Duration> waited() {
        return ended.map(end -> Duration.between(asked, end)).map(wait -> wait.isNegative() ? Duration.ZERO : wait);
    }
}
