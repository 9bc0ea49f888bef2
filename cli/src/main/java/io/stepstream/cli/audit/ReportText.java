package io.stepstream.cli.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.stepstream.audit.replay.Replayed.Obstacle;
import io.stepstream.audit.verify.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;

/** A report for people, and for programs. */
final class ReportText {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final PrintWriter out;
    private final Report report;

    ReportText(PrintWriter out, Report report) {
        this.out = out;
        this.report = report;
    }

    void json() throws IOException {
        var json = JSON.createObjectNode()
                .put("source", report.source())
                .put("records", report.records())
                .put("run", report.run())
                .put("executions", report.executions());
        var byChainOnly = json.putObject("byChainOnly");
        report.byChainOnly().forEach((why, records) -> byChainOnly.put(why.name(), records));
        json.put("beginningsGone", report.beginningsGone())
                .put("redacted", report.redacted())
                .put("statuses", report.statuses())
                .put("statusesUnchecked", report.statusesUnchecked())
                .put("checkpoints", report.checkpoints());
        json.set("vouched", JSON.valueToTree(report.vouched().orElse(null)));
        json.put("differenceCount", report.differenceCount())
                .set("differences", JSON.valueToTree(report.differences()));
        out.println(JSON.writeValueAsString(json));
    }

    void print() {
        out.println(report.source());
        print(report.records(), "history records of " + amount(report.executions()) + " executions read");
        print(report.run(), "steps run again and compared");
        report.byChainOnly().forEach((why, records) -> print(records, "checked by their chain only: " + words(why)));
        if (report.beginningsGone() > 0) {
            print(report.beginningsGone(), "executions whose first records are gone by the topic's retention");
        }
        if (report.redacted() > 0) {
            print(report.redacted(), "records whose task tokens are left out");
        }
        print(report.statuses(), "statuses compared");
        if (report.statusesUnchecked() > 0) {
            print(report.statusesUnchecked(), "statuses not compared: their steps were not run, or are newer");
        }
        report.vouched()
                .ifPresentOrElse(
                        vouched -> {
                            print(report.checkpoints(), "signed checkpoints agree");
                            vouched.forEach(partition -> out.printf(
                                    "%14s partition %d: vouched for up to offset %d, read up to %d%n",
                                    "", partition.partition(), partition.upTo(), partition.end()));
                        },
                        () -> out.println(
                                "No checkpoints were looked at (--checkpoint-key): this finds accidental change only."
                                        + " Whoever can write the topics can make chains anew, and cut them off."));
        if (report.isClean()) {
            out.println("Nothing differs.");
        } else {
            report.differences().forEach(out::println);
            if (report.differenceCount() > report.differences().size()) {
                out.printf(
                        "and %,d more%n",
                        report.differenceCount() - report.differences().size());
            }
            out.printf(Locale.ROOT, "%,d differences.%n", report.differenceCount());
        }
    }

    private void print(long count, String what) {
        out.printf(Locale.ROOT, "%,14d %s%n", count, what);
    }

    private static String amount(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String words(Obstacle why) {
        return switch (why) {
            case OTHER_SEMANTICS -> "made by an interpreter of another semantics number, which is not here";
            case SEALED -> "sealed, and the key is not at hand (--master-keys)";
            case PURGED -> "sealed, and the key is destroyed";
            case NO_STEP -> "records of purges, which are no steps";
            case STATE_UNKNOWN -> "an earlier step of the execution is missing, or was not run or differs";
        };
    }
}
