package io.stepstream.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** The heap of another JVM, by the JDK's own tool. */
final class HeapUse {
    private static final Pattern TOTAL = Pattern.compile("^Total\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);
    /** What the collector fills holes with that it does not close: listed, and nobody's. */
    private static final Pattern FILLER =
            Pattern.compile("^\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+\\[?L?jdk\\.internal\\.vm\\.Filler", Pattern.MULTILINE);

    private static final double MIB = 1024 * 1024;

    private HeapUse() {}

    /** MiB of live objects, after a full collection that this causes. */
    static double afterCollection(long pid) throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var process = new ProcessBuilder(jcmd, String.valueOf(pid), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return liveMiB(output)
                .orElseThrow(() -> new BenchFailed("jcmd " + pid + " GC.class_histogram says no total: "
                        + output.lines().findFirst().orElse("nothing")));
    }

    static OptionalDouble liveMiB(String histogram) {
        var total = TOTAL.matcher(histogram);
        if (!total.find()) {
            return OptionalDouble.empty();
        }
        var filler = FILLER.matcher(histogram)
                .results()
                .mapToLong(row -> Long.parseLong(row.group(1)))
                .sum();
        return OptionalDouble.of((Long.parseLong(total.group(1)) - filler) / MIB);
    }
}
