package io.stepstream.asl.execution;

import io.stepstream.asl.data.Document;
import java.util.random.RandomGenerator;

/** The simulation's random machines, for those who record what they do. */
public final class RandomMachines {
    private RandomMachines() {}

    /** The text of a random definition. */
    public static String definition(RandomGenerator random) {
        return new RandomMachine(random, 2).make().toString();
    }

    /** What a task of this name answers. */
    public static Document answer(String task) {
        return Document.of(Oracle.answer(task));
    }
}
