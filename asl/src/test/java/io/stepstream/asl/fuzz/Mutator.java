package io.stepstream.asl.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damages JSON trees in ways that keep them trees. */
final class Mutator {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final RandomGenerator random;
    private final Vocabulary words;
    private final TextMutator texts;

    Mutator(RandomGenerator random) {
        this.random = random;
        words = new Vocabulary(random);
        texts = new TextMutator(random, words);
    }

    /** A place of a tree: a field of an object or an element of an array. */
    private record Slot(JsonNode holder, String field, int index) {
        JsonNode value() {
            return holder instanceof ObjectNode ? holder.path(field) : holder.path(index);
        }

        void put(JsonNode value) {
            switch (holder) {
                case ObjectNode object -> object.set(field, value);
                case ArrayNode array -> array.set(index, value);
                default -> throw new IllegalStateException("no container: " + holder);
            }
        }

        void remove() {
            switch (holder) {
                case ObjectNode object -> object.remove(field);
                case ArrayNode array -> array.remove(index);
                default -> throw new IllegalStateException("no container: " + holder);
            }
        }

        void add(String name, JsonNode value) {
            switch (holder) {
                case ObjectNode object -> object.set(name, value);
                case ArrayNode array -> array.insert(index, value);
                default -> throw new IllegalStateException("no container: " + holder);
            }
        }
    }

    /** A copy of the tree, damaged in so many places; parts of the donor may come in. */
    JsonNode mutant(JsonNode original, JsonNode donor, int damages) {
        var tree = original.deepCopy();
        for (var i = 0; i < damages; i++) {
            var slots = slots(tree);
            if (slots.isEmpty()) {
                return random.nextBoolean() ? donor.deepCopy() : words.scalar();
            }
            damage(pick(slots), slots, donor);
        }
        return tree;
    }

    private void damage(Slot slot, List<Slot> slots, JsonNode donor) {
        switch (random.nextInt(20)) {
            case 0 -> slot.remove();
            case 1 -> slot.add(words.field(), slot.value().deepCopy());
            case 2 -> swap(slot, pick(slots));
            case 3 -> slot.put(words.scalar());
            case 4 -> slot.put(random.nextBoolean() ? NODES.objectNode() : NODES.arrayNode());
            case 5, 6 -> slot.put(part(donor));
            case 7 -> slot.add(words.field(), part(donor));
            case 8 -> rename(slot);
            case 9 -> slot.add(words.field(), words.scalar());
            case 10 -> slot.put(words.expression());
            case 11 ->
                slot.put(
                        rarely()
                                ? nested(slot.value())
                                : NODES.arrayNode().add(slot.value().deepCopy()));
            case 12 -> slot.put(rarely() ? NODES.textNode(texts.huge()) : words.number());
            case 13, 14, 15, 16 -> replaceExpression(slots);
            default -> mend(slot);
        }
    }

    /** Changes a scalar a little, and leaves a container alone. */
    private void mend(Slot slot) {
        var value = slot.value();
        if (value.isTextual()) {
            slot.put(NODES.textNode(texts.mutant(value.textValue())));
        } else if (value.isNumber()) {
            slot.put(words.number());
        } else if (value.isBoolean()) {
            slot.put(NODES.booleanNode(!value.booleanValue()));
        }
    }

    /** Puts another expression in the place of one, in the same language, so that it is likely to be evaluated. */
    private void replaceExpression(List<Slot> slots) {
        var expressions = slots.stream()
                .filter(slot -> Vocabulary.isExpression(slot.value()))
                .toList();
        if (!expressions.isEmpty()) {
            var slot = pick(expressions);
            slot.put(words.expressionLike(slot.value().textValue()));
        }
    }

    private void rename(Slot slot) {
        if (slot.holder() instanceof ObjectNode object) {
            var value = slot.value();
            object.remove(slot.field());
            object.set(random.nextBoolean() ? words.field() : texts.mutant(slot.field()), value);
        }
    }

    /** Exchanges two values; of which one may not be inside the other, as that would tie a knot. */
    private static void swap(Slot one, Slot other) {
        var first = one.value().deepCopy();
        var second = other.value().deepCopy();
        one.put(second);
        other.put(first);
    }

    private JsonNode part(JsonNode donor) {
        var slots = slots(donor);
        return slots.isEmpty() ? donor.deepCopy() : pick(slots).value().deepCopy();
    }

    private JsonNode nested(JsonNode inner) {
        var nested = inner.deepCopy();
        for (var depth = random.nextInt(10, 1_200); depth > 0; depth--) {
            nested = random.nextBoolean()
                    ? NODES.arrayNode().add(nested)
                    : NODES.objectNode().set("n", nested);
        }
        return nested;
    }

    private boolean rarely() {
        return random.nextInt(16) == 0;
    }

    private <T> T pick(List<T> among) {
        return among.get(random.nextInt(among.size()));
    }

    private static List<Slot> slots(JsonNode tree) {
        var slots = new ArrayList<Slot>();
        collect(tree, slots, 0);
        return slots;
    }

    private static void collect(JsonNode node, List<Slot> slots, int depth) {
        if (depth > 100) {
            return;
        }
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> slots.add(new Slot(object, field.getKey(), -1)));
        } else {
            for (var i = 0; i < node.size(); i++) {
                slots.add(new Slot(node, "", i));
            }
        }
        node.forEach(child -> collect(child, slots, depth + 1));
    }
}
