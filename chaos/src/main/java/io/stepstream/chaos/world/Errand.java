package io.stepstream.chaos.world;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * An execution to be started.
 *
 * @param name its name, unique in a run
 * @param input as JSON
 * @param repeated whether the start is sent twice, as a client does that has not heard of the first
 * @param stopped how long after the start it is stopped from outside, if it is
 * @param paused when it is paused from outside, if it is
 */
public record Errand(
        Template template,
        String name,
        String input,
        boolean repeated,
        Optional<Duration> stopped,
        Optional<Pause> paused) {

    /**
     * A pause of an execution.
     *
     * @param after how long after its start it is paused
     * @param during how long after that it is resumed
     */
    public record Pause(Duration after, Duration during) {}

    /** The execution of this number. */
    public static Errand of(Dice dice, int number) {
        var random = dice.about("errand " + number);
        var templates = Template.values();
        return new Errand(
                templates[random.nextInt(templates.length)],
                "e" + number,
                input(random),
                random.nextInt(100) < 5,
                random.nextInt(100) < 5 ? Optional.of(Duration.ofMillis(random.nextInt(4000))) : Optional.empty(),
                random.nextInt(100) < 8 ? Optional.of(pause(random)) : Optional.empty());
    }

    private static Pause pause(RandomGenerator random) {
        return new Pause(Duration.ofMillis(random.nextInt(3000)), Duration.ofMillis(random.nextInt(5000)));
    }

    private static String input(RandomGenerator random) {
        var items = "0,".repeat(random.nextInt(4)) + "0";
        var many = "0,".repeat(random.nextInt(60)) + "0";
        return "{\"n\":0,\"wait\":%d,\"items\":[%s],\"many\":[%s]}".formatted(1 + random.nextInt(4), items, many);
    }
}
