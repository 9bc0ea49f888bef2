package io.stepstream.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.audit.log.ExportedLog;
import io.stepstream.audit.log.LogExport;
import io.stepstream.audit.log.LogSource;
import io.stepstream.audit.log.LogTopic;
import io.stepstream.audit.replay.Interpreters;
import io.stepstream.audit.verify.Report;
import io.stepstream.audit.verify.Scope;
import io.stepstream.audit.verify.Verifier;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nobody has touched has no differences, whatever the executions have been through. */
class CleanLogTest {
    private static final int WORLDS = Integer.getInteger("audit.worlds", 40);
    private static final long SEED = Long.getLong("audit.seed", 20261123);

    @TempDir
    Path folder;

    static Report verify(LogSource log) {
        return new Verifier(log, Scope.ALL, Interpreters.known()).run();
    }

    @Test
    void everyRandomWorldRunsAgainAsItDid() {
        var steps = 0L;
        var executions = 0L;
        for (var seed = SEED; seed < SEED + WORLDS; seed++) {
            var log = RandomWorld.record(seed, 3, 4, 4);
            var report = verify(log);
            assertThat(report.differences())
                    .as("-Daudit.worlds=1 -Daudit.seed=%d", seed)
                    .isEmpty();
            assertThat(report.run()).isEqualTo(report.records());
            assertThat(report.byChainOnly()).isEmpty();
            assertThat(report.statuses()).isEqualTo(log.count(LogTopic.EXECUTIONS));
            steps += report.run();
            executions += report.executions();
        }
        System.out.printf("%d steps of %d executions run again as they were%n", steps, executions);
        assertThat(steps).isGreaterThan(WORLDS * 20L);
    }

    @Test
    void anExportedFileIsTheLog() throws IOException {
        var log = RandomWorld.record(SEED, 3, 4, 4);
        var file = folder.resolve("world.steplog");
        LogExport.write(log, file, LogExport.Keys.LEFT_OUT);
        try (var exported = new ExportedLog(file)) {
            assertThat(verify(exported))
                    .usingRecursiveComparison()
                    .ignoringFields("source")
                    .isEqualTo(verify(log));
        }
    }
}
