package io.stepstream.chaos.world;

import java.time.Duration;

/**
 * A pause of a state machine. The next begins when it is over, so that none is resumed by what was to end another's.
 *
 * @param number of those in a run
 * @param during how long it is paused
 */
public record Intermission(int number, Template template, Duration during) {
    /** One begins after each of these. */
    public static final Duration EVERY = Duration.ofSeconds(4);

    /** The pause of this number. */
    public static Intermission of(Dice dice, int number) {
        var random = dice.about("intermission " + number);
        var templates = Template.values();
        return new Intermission(
                number,
                templates[random.nextInt(templates.length)],
                Duration.ofMillis(random.nextLong(EVERY.toMillis())));
    }
}
