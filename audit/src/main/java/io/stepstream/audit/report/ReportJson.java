package io.stepstream.audit.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** The report as one JSON object: every request, and the figures of the page. */
public final class ReportJson {
    private ReportJson() {}

    /** Writes the report; the stream is flushed and not closed. */
    public static void write(ApprovalReport report, OutputStream to) throws IOException {
        var mapper = new ObjectMapper();
        try (var out = mapper.createGenerator(to).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            out.writeStartObject();
            out.writeStringField("source", report.source());
            out.writeStringField("made", report.made().toString());
            out.writeNumberField("damagedRecords", report.damaged());
            out.writeFieldName("figures");
            mapper.writeTree(out, figures(Figures.of(report.approvals())));
            out.writeArrayFieldStart("approvals");
            for (var approval : report.approvals()) {
                mapper.writeTree(out, approval(approval));
            }
            out.writeEndArray();
            out.writeEndObject();
            out.writeRaw('\n');
        }
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode approval(Approval approval) {
        var json = object().put("stateMachine", approval.stateMachine())
                .put("executionArn", approval.executionArn())
                .put("state", approval.state())
                .put("task", approval.task())
                .put("outcome", approval.outcome().name())
                .put("asked", approval.asked().toString());
        approval.deadline().ifPresent(at -> json.put("deadline", at.toString()));
        approval.ended().ifPresent(at -> json.put("ended", at.toString()));
        approval.waited().ifPresent(wait -> json.put("waitedMillis", wait.toMillis()));
        approval.decider().ifPresent(decider -> {
            var who = json.putObject("decidedBy")
                    .put("name", decider.name())
                    .put("vouchedFor", decider.vouched().name())
                    .put("channel", decider.channel())
                    .put("address", decider.address());
            decider.link().ifPresent(link -> {
                var use = who.putObject("link").put("purpose", link.purpose()).put("approver", link.approver());
                link.expires().ifPresent(at -> use.put("expires", at.toString()));
            });
        });
        putText(json, "comment", approval.comment());
        putText(json, "error", approval.error());
        putText(json, "escalatedTo", approval.escalatedTo());
        json.putObject("evidence")
                .put("partition", approval.evidence().partition())
                .put("offset", approval.evidence().offset())
                .put("step", approval.evidence().step());
        return json;
    }

    private static void putText(ObjectNode json, String field, String text) {
        if (!text.isEmpty()) {
            json.put(field, text);
        }
    }

    private static ObjectNode figures(Figures figures) {
        var json = object();
        json.set("outcomes", counts(figures.all()));
        json.set("byApprover", groups(figures.byApprover()));
        json.set("waits", groups(figures.waits()));
        json.put("unit", figures.unit());
        json.set("overTime", groups(figures.over()));
        json.set("byStateMachine", groups(figures.byMachine()));
        return json;
    }

    private static ObjectNode counts(Figures.Counts counts) {
        var json = object();
        counts.of().forEach((outcome, count) -> json.put(outcome.name(), count));
        return json;
    }

    private static ArrayNode groups(List<Figures.Group> groups) {
        var array = JsonNodeFactory.instance.arrayNode();
        groups.forEach(group -> {
            var json = array.addObject().put("name", group.name());
            json.set("outcomes", counts(group.counts()));
            group.median().ifPresent(wait -> json.put("medianWaitMillis", wait.toMillis()));
            group.slowest().ifPresent(wait -> json.put("slowestWaitMillis", wait.toMillis()));
        });
        return array;
    }
}
