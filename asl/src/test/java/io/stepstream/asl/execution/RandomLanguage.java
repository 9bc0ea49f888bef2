package io.stepstream.asl.execution;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What states of {@link RandomMachine} say in JSONPath or in JSONata: the same in both. */
final class RandomLanguage {
    private RandomLanguage() {}

    static void passOn(ObjectNode to, boolean jsonata) {
        if (jsonata) {
            to.put("n", "{% $states.input.n %}").put("items", "{% $states.input.items %}");
        } else {
            to.put("n.$", "$.n").put("items.$", "$.items");
        }
    }

    static void selector(ObjectNode state, boolean jsonata) {
        var selector = state.putObject("ItemSelector");
        if (jsonata) {
            selector.put("n", "{% $states.context.Map.Item.Value %}")
                    .put("items", "{% $states.input.items %}")
                    .put("i", "{% $states.context.Map.Item.Index %}");
        } else {
            selector.put("n.$", "$$.Map.Item.Value").put("items.$", "$.items").put("i.$", "$$.Map.Item.Index");
        }
    }

    static String merged(String fields) {
        return "{% $merge([$states.input, {" + fields + "}]) %}";
    }

    static String inPath(String from) {
        return from.startsWith("$") ? from : "$" + from;
    }

    static String inJsonata(String from) {
        return from.startsWith("$") ? "$states.input.n" : "$" + from;
    }
}
