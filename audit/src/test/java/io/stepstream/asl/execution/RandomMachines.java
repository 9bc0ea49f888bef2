package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.util.random.RandomGenerator;

/** The simulation's random machines, for those who record what they do. */
public final class RandomMachines {
    private final RandomMachine machine;

    public RandomMachines(RandomGenerator random) {
        machine = new RandomMachine(random, RandomMachine.Temper.ROUGH, RandomMachine.Company.ALONE);
    }

    /** The text of a random definition. */
    public String definition() {
        return machine.make().toString();
    }

    /** Something to start it with. */
    public Document input() {
        return Document.of(machine.input());
    }

    /** What a task of this name answers. */
    public static Document answer(String task) {
        return Document.of(Oracle.answer(task));
    }
}
