package io.stepstream.asl.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The condition of a JSONPath choice rule. */
public sealed interface Condition {

    record And(List<Condition> all) implements Condition {}

    record Or(List<Condition> any) implements Condition {}

    record Not(Condition condition) implements Condition {}

    /** A comparison with a constant. */
    record WithConstant(Path variable, ChoiceOperator operator, JsonNode operand) implements Condition {}

    /** A comparison with what a path finds, as the operators have it whose names end in Path. */
    record WithPath(Path variable, ChoiceOperator operator, Path operand) implements Condition {}

    /** The condition on what a state's InputPath lets pass. */
    static Expression<Boolean> expression(PathFilter inputPath, Condition condition) {
        var uses = inputPath.uses().and(condition.uses());
        return new Expression<>() {
            @Override
            public Evaluated<Boolean> evaluate(Document input, EvaluationContext context) {
                return StatesFailure.caught(() -> condition.holds(
                        new Scope(inputPath.apply(input, context).tree(), context)));
            }

            @Override
            public Uses uses() {
                return uses;
            }
        };
    }

    default Uses uses() {
        return switch (this) {
            case And(var all) -> all.stream().map(Condition::uses).reduce(Uses.NOTHING, Uses::and);
            case Or(var any) -> any.stream().map(Condition::uses).reduce(Uses.NOTHING, Uses::and);
            case Not(var condition) -> condition.uses();
            case WithConstant(var variable, var _, var _) -> variable.uses();
            case WithPath(var variable, var _, var operand) -> variable.uses().and(operand.uses());
        };
    }

    private boolean holds(Scope scope) throws StatesFailure {
        switch (this) {
            case And(var all) -> {
                for (var condition : all) {
                    if (!condition.holds(scope)) {
                        return false;
                    }
                }
                return true;
            }
            case Or(var any) -> {
                for (var condition : any) {
                    if (condition.holds(scope)) {
                        return true;
                    }
                }
                return false;
            }
            case Not(var condition) -> {
                return !condition.holds(scope);
            }
            case WithConstant(var variable, var operator, var operand) -> {
                if (operator == ChoiceOperator.IS_PRESENT) {
                    return isPresent(variable, scope) == operand.asBoolean();
                }
                return operator.holds(read(variable, scope), operand);
            }
            case WithPath(var variable, var operator, var operand) -> {
                return operator.holds(read(variable, scope), read(operand, scope));
            }
        }
    }

    private static boolean isPresent(Path path, Scope scope) {
        try {
            path.read(scope);
            return true;
        } catch (Path.NotFound _) {
            return false;
        }
    }

    private static JsonNode read(Path path, Scope scope) throws StatesFailure {
        try {
            return path.read(scope);
        } catch (Path.NotFound _) {
            throw StatesFailure.runtime(
                    "Invalid path '" + path + "': The choice state's condition path references an invalid value.");
        }
    }
}
