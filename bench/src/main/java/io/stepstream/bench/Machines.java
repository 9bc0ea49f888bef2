package io.stepstream.bench;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.Parsed;
import io.stepstream.asl.definition.StateMachine;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The state machines that are measured. */
final class Machines {
    /** States of a chain. */
    static final int CHAIN = 100;

    static final Document ORDER = Document.ofTrusted("""
            {"id":4711,"customer":{"name":"Ines","vip":true},"items":[{"sku":"a","price":12.5,"count":2},{"sku":"b","price":3,"count":1}],"total":28}
            """.strip());

    /** Items of the Map. */
    static final int ITEMS = 1_000;

    static final Document NUMBERS =
            Document.ofTrusted(IntStream.range(0, ITEMS).boxed().toList().toString());

    private Machines() {}

    static StateMachine passChain() {
        return chain(
                "\"Type\":\"Pass\",\"Parameters\":{\"id.$\":\"$.id\",\"customer.$\":\"$.customer\",\"items.$\":\"$.items\",\"total.$\":\"$.total\"}");
    }

    static StateMachine taskChain() {
        return chain(
                "\"Type\":\"Task\",\"Resource\":\"arn:stepstream:kafka:::price\",\"TimeoutSeconds\":60,\"ResultPath\":\"$.priced\"");
    }

    static StateMachine jsonataChain() {
        return chain(
                "\"Type\":\"Pass\",\"QueryLanguage\":\"JSONata\",\"Output\":{\"id\":\"{% $states.input.id %}\",\"customer\":\"{% $states.input.customer %}\","
                        + "\"items\":\"{% $states.input.items %}\",\"total\":\"{% $sum($states.input.items.(price * count)) %}\"}");
    }

    private static StateMachine chain(String state) {
        return parse(IntStream.range(0, CHAIN)
                .mapToObj(i -> "\"S" + i + "\":{" + state + ","
                        + (i == CHAIN - 1 ? "\"End\":true" : "\"Next\":\"S" + (i + 1) + "\"") + "}")
                .collect(Collectors.joining(",", "{\"StartAt\":\"S0\",\"States\":{", "}}")));
    }

    static StateMachine choices() {
        return parse(IntStream.range(0, CHAIN)
                .mapToObj(i -> "\"S" + i + "\":{\"Type\":\"Choice\",\"Choices\":["
                        + "{\"Variable\":\"$.total\",\"NumericLessThan\":10,\"Next\":\"End\"},"
                        + "{\"And\":[{\"Variable\":\"$.customer.vip\",\"BooleanEquals\":false},{\"Variable\":\"$.items[0].sku\",\"StringMatches\":\"z*\"}],\"Next\":\"End\"},"
                        + "{\"Variable\":\"$.customer.name\",\"StringEquals\":\"Ines\",\"Next\":\""
                        + (i == CHAIN - 1 ? "End" : "S" + (i + 1)) + "\"}]}")
                .collect(Collectors.joining(
                        ",", "{\"StartAt\":\"S0\",\"States\":{", ",\"End\":{\"Type\":\"Succeed\"}}}")));
    }

    /** A Map whose iterations are a Pass each. */
    static StateMachine map() {
        return parse("""
                {"StartAt":"Each","States":{"Each":{"Type":"Map","End":true,"ItemSelector":{"n.$":"$$.Map.Item.Value"},
                 "ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}""");
    }

    static StateMachine parse(String definition) {
        return switch (StateMachine.parse(definition)) {
            case Parsed.Valid(var machine, var _) -> machine;
            case Parsed.Invalid(var findings) -> throw new IllegalArgumentException(findings.toString());
        };
    }
}
