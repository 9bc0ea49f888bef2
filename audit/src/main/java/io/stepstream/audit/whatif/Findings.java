package io.stepstream.audit.whatif;

import io.stepstream.audit.whatif.Verdict.CannotTell;
import io.stepstream.audit.whatif.Verdict.Difference;
import io.stepstream.audit.whatif.Verdict.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of all executions that were tried.
 *
 * @param source which log
 * @param stateMachine whose executions
 * @param same how many would have gone the same way
 * @param other how many another one
 * @param cannotTell of how many it cannot be told
 * @param leftOut how many more there are than were to be tried
 * @param renamed states of the definition by the recorded names that they were matched with, with how many executions that was in
 * @param groups those that went another way, and of which it cannot be told, by what they have in common; the largest first
 */
public record Findings(
        String source,
        String stateMachine,
        long same,
        long other,
        long cannotTell,
        long leftOut,
        Map<String, Long> renamed,
        List<Group> groups) {

    /** Groups that are told apart; those beyond are counted only. */
    private static final int GROUPS = 200;

    private static final int EXAMPLES = 5;

    public Findings {
        groups = List.copyOf(groups);
    }

    /**
     * Executions with the same finding.
     *
     * @param first what was found of the first of them
     * @param executions ARNs of the first of them
     */
    public record Group(Verdict first, long count, List<String> executions) {}

    /** Gathers findings. */
    static final class Gathering {
        private final Map<String, Group> groups = new LinkedHashMap<>();
        private final Map<String, Long> renamed = new TreeMap<>();
        private long same;
        private long other;
        private long cannotTell;

        void add(String arn, Verdict verdict) {
            switch (verdict) {
                case Verdict.Same(var names) -> {
                    same++;
                    names.forEach((now, before) -> renamed.merge(before + " → " + now, 1L, Long::sum));
                }
                case Verdict.Other(var difference) -> {
                    other++;
                    group(key(difference), arn, verdict);
                }
                case CannotTell why -> {
                    cannotTell++;
                    group(key(why), arn, verdict);
                }
            }
        }

        private static String key(Difference difference) {
            // Data differ from one execution to the next.
            var what = difference.kind() == Kind.TASK_INPUT || difference.kind() == Kind.OUTPUT
                    ? ""
                    : difference.recorded() + '\n' + difference.rehearsed();
            return difference.kind() + "\n" + difference.state() + '\n' + what;
        }

        private static String key(CannotTell why) {
            return why.reason() == Verdict.Reason.NEVER_RECORDED
                    ? why.reason() + why.detail()
                    : why.reason().name();
        }

        private void group(String key, String arn, Verdict verdict) {
            var before = groups.get(key);
            if (before == null && groups.size() < GROUPS) {
                groups.put(key, new Group(verdict, 1, List.of(arn)));
            } else if (before != null) {
                var executions = new ArrayList<>(before.executions());
                if (executions.size() < EXAMPLES) {
                    executions.add(arn);
                }
                groups.put(key, new Group(before.first(), before.count() + 1, List.copyOf(executions)));
            }
        }

        Findings findings(String source, String stateMachine, long leftOut) {
            return new Findings(
                    source,
                    stateMachine,
                    same,
                    other,
                    cannotTell,
                    leftOut,
                    renamed,
                    groups.values().stream()
                            .sorted(Comparator.comparing((Group group) -> -group.count()))
                            .toList());
        }
    }
}
