package io.stepstream.chaos.check;

/**
 * A promise that was broken.
 *
 * @param place the record that it shows at
 * @param execution id or ARN of the execution
 * @param what what is wrong, in words
 */
public record Violation(Rule rule, Place place, String execution, String what) {
    @Override
    public String toString() {
        return rule + " " + place + " (" + execution + "): " + what;
    }
}
