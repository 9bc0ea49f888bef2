package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import io.stepstream.asl.definition.BuiltInTasks;
import java.util.random.RandomGenerator;

/** The simulation's random machines, for those who record what they do. */
public final class RandomMachines {
    private static final int FAR = 1_000_000;

    private final RandomMachine machine;

    /** Some of them start executions of their own. */
    public RandomMachines(RandomGenerator random) {
        machine = new RandomMachine(
                random,
                RandomMachine.Temper.ROUGH,
                random.nextBoolean() ? RandomMachine.Company.ALONE : RandomMachine.Company.WITH_CHILDREN);
    }

    /** The text of a random definition, which has a timeout: often one that nothing comes near to. */
    public String definition() {
        var definition = machine.make();
        return definition.has("TimeoutSeconds")
                ? definition.toString()
                : definition.put("TimeoutSeconds", FAR).toString();
    }

    /** The text of the definition of the machine that those named {@code child} are of. */
    public String child() {
        return machine.makeChild().toString();
    }

    /** Something to start it with. */
    public Document input() {
        return Document.of(machine.input());
    }

    /** What a task answers. */
    public static Document answer(Effect.RequestTask task) {
        return Document.of(
                task.name().equals(BuiltInTasks.ITEM_READER)
                        ? Oracle.page(task.input().tree())
                        : Oracle.answer(task.name()));
    }
}
