package io.stepstream.asl.data;

/** Takes the problems found while something with several places is compiled. */
@FunctionalInterface
public interface Problems {

    /** @param place where, relative to what is compiled: empty for its top, {@code /a[0]} below */
    void add(String place, Problem problem);
}
