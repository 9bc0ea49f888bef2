package io.stepstream.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The heap of another JVM, by the JDK's own tool. */
final class HeapUse {
    private static final Pattern TOTAL = Pattern.compile("^Total\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);
    private static final double MIB = 1024 * 1024;

    private HeapUse() {}

    /** MiB of live objects, after a full collection that this causes. */
    static double afterCollection(long pid) throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var process = new ProcessBuilder(jcmd, String.valueOf(pid), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        var total = TOTAL.matcher(output);
        if (!total.find()) {
            throw new BenchFailed("jcmd " + pid + " GC.class_histogram says no total: "
                    + output.lines().findFirst().orElse("nothing"));
        }
        return Long.parseLong(total.group(1)) / MIB;
    }
}
