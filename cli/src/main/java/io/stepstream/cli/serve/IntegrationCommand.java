package io.stepstream.cli.serve;

import io.stepstream.integrations.ends.EndProcess;
import io.stepstream.integrations.http.HttpProcess;
import io.stepstream.integrations.items.ItemProcess;
import io.stepstream.integrations.notify.NotifyProcess;
import io.stepstream.integrations.publish.PublishProcess;
import io.stepstream.integrations.trigger.TriggerProcess;
import io.stepstream.settings.Key;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stepstream integration NAME}: one of the built-in workers, until it is told to stop. */
@Command(
        name = "integration",
        description = "Runs a built-in worker until Ctrl-C or SIGTERM; settings as docs/configuration.md says.",
        mixinStandardHelpOptions = true)
public final class IntegrationCommand implements Callable<Integer> {

    /** What there is. */
    enum Kind {
        items,
        notify,
        http,
        publish,
        triggers,
        ends
    }

    @Parameters(paramLabel = "NAME", description = "${COMPLETION-CANDIDATES}")
    private Kind kind = Kind.items;

    @Option(names = "--config", paramLabel = "FILE", description = "Properties file with settings.")
    private @Nullable Path config;

    @Override
    public Integer call() throws InterruptedException {
        ConfigOption.logToTerminal();
        if (config != null) {
            System.setProperty(Key.CONFIG.property(), config.toString());
        }
        var arguments = new String[0];
        switch (kind) {
            case items -> ItemProcess.main(arguments);
            case notify -> NotifyProcess.main(arguments);
            case http -> HttpProcess.main(arguments);
            case publish -> PublishProcess.main(arguments);
            case triggers -> TriggerProcess.main(arguments);
            case ends -> EndProcess.main(arguments);
        }
        return 0;
    }
}
