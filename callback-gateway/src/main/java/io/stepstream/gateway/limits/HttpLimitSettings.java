package io.stepstream.gateway.limits;

import io.stepstream.gateway.http.Bodies;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A gateway's limits as settings: what each is called, and what it takes. */
public enum HttpLimitSettings {
    BODY_BYTES("body.bytes", 1, Bodies.BODY_BYTES, HttpLimits::bodyBytes),
    HEADER_BYTES("header.bytes", 1024, 1024 * 1024, HttpLimits::headerBytes),
    HEAD_SECONDS("head.seconds", 1, 3600, limits -> limits.headTime().toSeconds()),
    BODY_SECONDS("body.seconds", 1, 3600, limits -> limits.bodyTime().toSeconds()),
    CONNECTIONS("connections", 1, 1_000_000, HttpLimits::connections),
    LONG_POLLS("long.polls", 1, 1_000_000, HttpLimits::longPolls),
    ADDRESS_RATE("address.rate", HttpLimits::address),
    PAGE_RATE("page.rate", HttpLimits::page),
    PRINCIPAL_RATE("principal.rate", HttpLimits::principal),
    TASK_RATE("task.rate", HttpLimits::task);

    private static final Pattern RATE = Pattern.compile("([0-9]{1,7}(?:\\.[0-9]{1,3})?)/s,([0-9]{1,7})");

    private final String key;
    private final String form;
    private final Function<String, Optional<Object>> reading;
    private final Function<HttpLimits, String> byDefault;

    HttpLimitSettings(String key, long least, long most, Function<HttpLimits, Number> byDefault) {
        this.key = key;
        this.form = "a whole number from %d to %d".formatted(least, most);
        this.reading = text -> Optional.of(text)
                .filter(digits -> digits.matches("[0-9]{1,9}"))
                .map(Integer::valueOf)
                .filter(number -> number >= least && number <= most)
                .map(number -> (Object) number);
        this.byDefault = limits -> byDefault.apply(limits).toString();
    }

    HttpLimitSettings(String key, Function<HttpLimits, Rate> byDefault) {
        this.key = key;
        this.form = "a rate above 0 and how many at once, such as 20/s,100";
        this.reading = HttpLimitSettings::rate;
        this.byDefault = limits -> {
            var rate = byDefault.apply(limits);
            return "%s/s,%d".formatted((long) rate.perSecond(), rate.burst());
        };
    }

    private static Optional<Object> rate(String text) {
        var parts = RATE.matcher(text);
        if (!parts.matches() || Double.parseDouble(parts.group(1)) == 0 || Integer.parseInt(parts.group(2)) == 0) {
            return Optional.empty();
        }
        return Optional.of(new Rate(Double.parseDouble(parts.group(1)), Integer.parseInt(parts.group(2))));
    }

    /** What the setting is called. */
    public String key() {
        return key;
    }

    /** What it is without being set, as it would be set. */
    public String byDefault() {
        return byDefault.apply(HttpLimits.DEFAULT);
    }

    /**
     * The limits that these settings make; what is not given is as usual.
     *
     * @param values a setting's text by its key
     * @throws IllegalArgumentException if there is no such key, or a value is not as it must be; the message tells what is accepted
     */
    public static HttpLimits read(Map<String, String> values) {
        values.keySet().stream()
                .filter(given -> Arrays.stream(values()).noneMatch(setting -> setting.key.equals(given)))
                .findFirst()
                .ifPresent(unknown -> {
                    throw new IllegalArgumentException("there is no limit %s, but %s"
                            .formatted(
                                    unknown,
                                    Arrays.stream(values())
                                            .map(HttpLimitSettings::key)
                                            .collect(Collectors.joining(", "))));
                });
        return new HttpLimits(
                BODY_BYTES.number(values),
                HEADER_BYTES.number(values),
                Duration.ofSeconds(HEAD_SECONDS.number(values)),
                Duration.ofSeconds(BODY_SECONDS.number(values)),
                CONNECTIONS.number(values),
                LONG_POLLS.number(values),
                ADDRESS_RATE.rate(values),
                PAGE_RATE.rate(values),
                PRINCIPAL_RATE.rate(values),
                TASK_RATE.rate(values));
    }

    private int number(Map<String, String> values) {
        return (Integer) value(values);
    }

    private Rate rate(Map<String, String> values) {
        return (Rate) value(values);
    }

    private Object value(Map<String, String> values) {
        var text = values.getOrDefault(key, byDefault());
        return reading.apply(text)
                .orElseThrow(() -> new IllegalArgumentException("%s must be %s, not %s".formatted(key, form, text)));
    }
}
