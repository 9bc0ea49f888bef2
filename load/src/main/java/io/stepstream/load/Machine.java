package io.stepstream.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What processes have used of the machine, by Linux's /proc. */
final class Machine {
    private static final Path PROC = Path.of("/proc");
    /** USER_HZ, which is 100 on every Linux that Java runs on. */
    private static final double TICKS = 100;

    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final int STATES = 8;
    private static final double KIB = 1024;

    private Machine() {}

    /** CPU that a process has taken so far. */
    static double cpuSeconds(long pid) throws IOException {
        var stat = Files.readString(PROC.resolve(pid + "/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) / TICKS;
    }

    /** Memory of a process that is in RAM. */
    static double rssMiB(long pid) throws IOException {
        return Files.readAllLines(PROC.resolve(pid + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                / KIB;
    }

    /** Seconds of all cores since the machine started: busy, with what a hypervisor took, and all. */
    static double[] seconds() throws IOException {
        var first = Files.readAllLines(PROC.resolve("stat")).getFirst().split("\\s+");
        var ticks = Arrays.stream(first)
                .skip(1)
                .limit(STATES)
                .mapToLong(Long::parseLong)
                .toArray();
        var all = Arrays.stream(ticks).sum();
        return new double[] {(all - ticks[IDLE] - ticks[IO_WAIT]) / TICKS, all / TICKS};
    }
}
