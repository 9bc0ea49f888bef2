package io.stepstream.chaos.check;

/** Loses one record that the engine sends: that number of its kind. */
final class LosesOne implements Bug {
    private final int number;
    private final Kind kind;
    private int sent;

    /** What of the records that the engine sends are of a kind. */
    interface Kind {
        boolean has(SimulatedWorld world, String topic, byte[] value);
    }

    LosesOne(int number, Kind kind) {
        this.number = number;
        this.kind = kind;
    }

    @Override
    public boolean loses(SimulatedWorld world, String topic, byte[] value) {
        return kind.has(world, topic, value) && ++sent == number;
    }
}
